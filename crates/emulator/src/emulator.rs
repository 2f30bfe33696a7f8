//! A running emulator: started, reached, steered and stopped.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::control::handle::Control;
use crate::error::EmulatorError;
use crate::managed_identity::PREFIX;
use crate::options::{Options, Tls};
use crate::server::certificates;
use crate::server::connection::{Edge, serve};
use crate::world::World;

/// A running emulator. It stops when dropped.
#[derive(Debug)]
pub struct Emulator {
    origin: String,
    managed_identity_origin: String,
    authority_pem: Option<String>,
    control: Control,
    stop: watch::Sender<()>,
    server: JoinHandle<()>,
}

impl Emulator {
    /// Listens and serves on the current tokio runtime (a current-thread one will do).
    ///
    /// Fails when the address is no loopback address or is taken, and when the state file is damaged or belongs to
    /// a tenant generated differently.
    pub async fn start(options: Options) -> Result<Self, EmulatorError> {
        let address = options.listen;
        if !address.ip().is_loopback() {
            return Err(EmulatorError::NotLoopback(address));
        }
        let bind = |source| EmulatorError::Bind { address, source };
        let listener = TcpListener::bind(address).await.map_err(bind)?;
        let local = listener.local_addr().map_err(bind)?;
        let (acceptor, authority_pem) = match options.tls {
            Tls::Off => (None, None),
            Tls::ThrowAway => {
                let identity = certificates::throw_away(Timestamp::now())?;
                (Some(identity.acceptor), Some(identity.authority_pem))
            }
        };
        let origin = origin(options.tls, local);
        let world = Arc::new(Mutex::new(World::new(&options, origin.clone())?));
        let (stop, stopped) = watch::channel(());
        let hosts = match &acceptor {
            None => None,
            Some(_) => Some(plain_listener(address).await?),
        };
        let managed_identity_origin = match &hosts {
            None => origin.clone(),
            Some((_, plain)) => plain.clone(),
        };
        let mut known = world.lock().unwrap_or_else(PoisonError::into_inner);
        known.managed_identity_origin.clone_from(&managed_identity_origin);
        drop(known);
        let edge = Edge { world: Arc::clone(&world), acceptor, origin: origin.clone(), only_below: "/" };
        let plain = hosts.map(|(listener, origin)| {
            let edge = Edge { acceptor: None, origin, only_below: PREFIX, ..edge.clone() };
            serve(listener, edge, stopped.clone())
        });
        let server = tokio::spawn(async move {
            match plain {
                None => serve(listener, edge, stopped).await,
                Some(plain) => {
                    tokio::join!(serve(listener, edge, stopped), plain);
                }
            }
        });
        tracing::info!(%origin, "the emulator listens");
        Ok(Self {
            origin,
            managed_identity_origin,
            authority_pem,
            control: Control::new(world),
            stop,
            server,
        })
    }

    /// Scheme, host and port: `http://127.0.0.1:PORT`, or `https://localhost:PORT` with TLS. Authority and APIs
    /// share it.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Where the hosts of managed identities are reached, always over plain http: the same as [`Self::origin`], or a
    /// port of its own beside TLS.
    pub fn managed_identity_origin(&self) -> &str {
        &self.managed_identity_origin
    }

    /// The throw-away authority's certificate for clients to trust; `None` without TLS.
    pub fn authority_certificate_pem(&self) -> Option<&str> {
        self.authority_pem.as_deref()
    }

    /// The in-process handle.
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// Stops: open exchanges get two seconds to end.
    pub async fn stop(mut self) {
        if self.stop.send(()).is_err() {
            tracing::debug!("the emulator had stopped already");
        }
        if let Err(error) = (&mut self.server).await {
            tracing::warn!(%error, "the emulator ended badly");
        }
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.server.abort();
        // Connections and handles may keep the tenant for a while; its file is free for the next one at once.
        self.control.release();
    }
}

/// A free port beside the one with TLS.
async fn plain_listener(beside: SocketAddr) -> Result<(TcpListener, String), EmulatorError> {
    let address = SocketAddr::new(beside.ip(), 0);
    let bind = |source| EmulatorError::Bind { address, source };
    let listener = TcpListener::bind(address).await.map_err(bind)?;
    let origin = origin(Tls::Off, listener.local_addr().map_err(bind)?);
    Ok((listener, origin))
}

fn origin(tls: Tls, local: SocketAddr) -> String {
    let port = local.port();
    match (tls, local.ip()) {
        (Tls::ThrowAway, _) => format!("https://localhost:{port}"),
        (Tls::Off, IpAddr::V4(ip)) => format!("http://{ip}:{port}"),
        (Tls::Off, IpAddr::V6(ip)) => format!("http://[{ip}]:{port}"),
    }
}
