//! Rows of the event tables: what machines, people and mailboxes did.

use super::cell::Cell;
use crate::defender::world::World;
use crate::defender::world::evidence::Artifact;
use crate::defender::world::program::PROGRAMS;
use crate::defender::world::random::SplitMix64;
use crate::defender::world::tenant::{Device, User, flat_name};
use crate::defender::world::ticks::{DAY, HOUR, Ticks};

const STREAM_EVENTS: u64 = 10;

/// Who did something where and when: half of the scenes belong to an incident, so that hunting leads to it.
struct Scene<'w> {
    at: Ticks,
    device: &'w Device,
    user: &'w User,
    random: SplitMix64,
    number: u64,
}

fn scenes(world: &World, table: u64, count: u64) -> impl Iterator<Item = Scene<'_>> {
    (0..count).map(move |number| {
        let mut random = SplitMix64::keyed(world.seed, STREAM_EVENTS + table, number);
        let any = world.generated_at.plus(-random.below_signed(30 * DAY)).cut_to_digits(random.below(8));
        let quiet = number % 2 == 0 || world.records().is_empty();
        let (at, (device, user)) = if quiet {
            (any, (random.pick(&world.devices), random.pick(&world.users)))
        } else {
            let record = random.pick(world.records());
            (record.created.plus(-random.below_signed(2 * HOUR)), world.cast(record.id))
        };
        Scene { at, device, user, random, number: 48_000 + number }
    })
}

pub(super) fn device_info(world: &World) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    for (index, device) in (0_u64..).zip(&world.devices) {
        for report in 0..4 {
            let mut random = SplitMix64::keyed(world.seed, STREAM_EVENTS, index * 8 + report);
            let age = i64::try_from(report).unwrap_or(0) * 7 * DAY + random.below_signed(6 * DAY);
            let user = random.pick(&world.users);
            rows.push(vec![
                world.generated_at.plus(-age).into(),
                device.mde_id.as_str().into(),
                device.dns_name().into(),
                device.os_platform.into(),
                device.version.into(),
                device.os_build.map_or(Cell::Null, |build| u64::from(build).into()),
                device.external_address.as_str().into(),
                device.aad_id.is_some().into(),
                device.aad_id.as_deref().into(),
                format!(
                    "[{{\"UserName\":\"{}\",\"DomainName\":\"{}\"}}]",
                    user.account,
                    flat_name(&device.domain)
                )
                .into(),
                device.group.1.into(),
                device.onboarding.into(),
                Cell::Real(f64::from(u32::try_from(random.below(1000)).unwrap_or(0)) / 10.0),
                (index * 8 + report).into(),
            ]);
        }
    }
    rows
}

pub(super) fn process_events(world: &World) -> Vec<Vec<Cell>> {
    let mut rows: Vec<Vec<Cell>> = scenes(world, 1, 700)
        .map(|mut scene| {
            let program = scene.random.pick(PROGRAMS);
            let account = scene.user.account;
            vec![
                scene.at.into(),
                scene.device.mde_id.as_str().into(),
                scene.device.dns_name().into(),
                "ProcessCreated".into(),
                program.file.into(),
                program.folder.replace("{account}", account).into(),
                scene.random.hex(40).into(),
                scene.random.hex(64).into(),
                (2000 + scene.random.below(9000)).into(),
                program.command.replace("{account}", account).into(),
                flat_name(&world.domain).into(),
                account.into(),
                scene.user.upn.as_str().into(),
                program.parent.into(),
                (600 + scene.random.below(6000)).into(),
                scene.number.into(),
            ]
        })
        .collect();
    // The very processes of the newest incidents, with the hashes and numbers their alerts show.
    for record in world.records().iter().rev().take(200) {
        for alert in world.alerts_of(record).take(8) {
            for piece in world.evidence(&alert) {
                let Artifact::Process {
                    file,
                    command,
                    id,
                    parent_id,
                    parent_file,
                    started,
                    user,
                    device,
                    ..
                } = piece.artifact
                else {
                    continue;
                };
                rows.push(vec![
                    started.into(),
                    device.mde_id.as_str().into(),
                    device.dns_name().into(),
                    "ProcessCreated".into(),
                    file.name.into(),
                    file.folder.as_deref().into(),
                    file.sha1.into(),
                    file.sha256.as_deref().into(),
                    id.into(),
                    command.as_deref().into(),
                    flat_name(&world.domain).into(),
                    user.account.into(),
                    user.upn.as_str().into(),
                    parent_file.into(),
                    parent_id.into(),
                    (90_000 + id).into(),
                ]);
            }
        }
    }
    rows
}

pub(super) fn network_events(world: &World) -> Vec<Vec<Cell>> {
    scenes(world, 2, 500)
        .map(|mut scene| {
            vec![
                scene.at.into(),
                scene.device.mde_id.as_str().into(),
                scene.device.dns_name().into(),
                scene.random.word(&["ConnectionSuccess", "ConnectionSuccess", "ConnectionFailed"]).into(),
                format!("198.51.100.{}", 1 + scene.random.below(254)).into(),
                (*scene.random.pick(&[443_u64, 443, 80, 53, 8443])).into(),
                scene.random.word(&["https://cdn.brightpath.example/", "updates.aurora.example", ""]).into(),
                scene.device.address.as_str().into(),
                "Tcp".into(),
                scene.random.word(&["rundll32.exe", "msedge.exe", "powershell.exe", "curl"]).into(),
                scene.user.account.into(),
                scene.number.into(),
            ]
        })
        .collect()
}

pub(super) fn file_events(world: &World) -> Vec<Vec<Cell>> {
    scenes(world, 3, 400)
        .map(|mut scene| {
            let program = scene.random.pick(PROGRAMS);
            vec![
                scene.at.into(),
                scene.device.mde_id.as_str().into(),
                scene.device.dns_name().into(),
                scene.random.word(&["FileCreated", "FileModified", "FileDeleted", "FileRenamed"]).into(),
                program.file.into(),
                program.folder.replace("{account}", scene.user.account).into(),
                scene.random.hex(40).into(),
                if scene.random.chance(20) { Cell::Null } else { scene.random.hex(64).into() },
                scene.random.below(4_000_000).into(),
                scene.user.account.into(),
                scene.number.into(),
            ]
        })
        .collect()
}

pub(super) fn email_events(world: &World) -> Vec<Vec<Cell>> {
    scenes(world, 4, 400)
        .map(|mut scene| {
            let bad = scene.random.chance(30);
            let sender = if bad { "billing@brightpath.example" } else { "news@aurora-partners.example" };
            vec![
                scene.at.into(),
                scene.random.guid().into(),
                sender.into(),
                format!("192.0.2.{}", 1 + scene.random.below(254)).into(),
                scene.user.upn.as_str().into(),
                scene
                    .random
                    .word(&["Action needed: mailbox quota", "Minutes of Monday", "Invoice 2026-114 overdue"])
                    .into(),
                scene.random.word(&["Delivered", "Delivered", "Junked", "Blocked"]).into(),
                if bad { "Phish" } else { "" }.into(),
                scene.random.below(5).into(),
                "{\"SPF\":\"pass\",\"DKIM\":\"none\",\"DMARC\":\"none\"}".into(),
                format!("{}-{}", scene.random.guid(), scene.number).into(),
            ]
        })
        .collect()
}

pub(super) fn logon_events(world: &World) -> Vec<Vec<Cell>> {
    scenes(world, 5, 400)
        .map(|mut scene| {
            vec![
                scene.at.into(),
                scene.random.word(&["LogonSuccess", "LogonSuccess", "LogonFailed"]).into(),
                scene.random.word(&["Active Directory", "Microsoft 365", "Microsoft Azure"]).into(),
                scene.random.word(&["Interactive", "Resource access", "Credentials validation"]).into(),
                scene.user.upn.as_str().into(),
                scene.user.aad_id.as_str().into(),
                scene.user.display_name.into(),
                scene.device.host.as_str().into(),
                format!("203.0.113.{}", 1 + scene.random.below(254)).into(),
                scene.random.word(&["NO", "IT", "IE", "NL"]).into(),
                format!("{}", scene.number).into(),
            ]
        })
        .collect()
}
