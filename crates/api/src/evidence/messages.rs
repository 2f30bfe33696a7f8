//! Evidence in mail and chat.
//!
//! Source: Microsoft Graph v1.0 metadata, subtypes of `microsoft.graph.security.alertEvidence`.

use super::shape::views;

views! {
    AnalyzedMessageEvidence "A message that Defender for Office 365 looked into." {
        anti_spam_direction: text "antiSpamDirection",
        attachments_count: number "attachmentsCount",
        delivery_action: text "deliveryAction",
        delivery_location: text "deliveryLocation",
        internet_message_id: text "internetMessageId",
        language: text "language",
        network_message_id: text "networkMessageId",
        p1_sender: part(EmailSender) "p1Sender",
        p2_sender: part(EmailSender) "p2Sender",
        received: time "receivedDateTime",
        recipient_email_address: text "recipientEmailAddress",
        sender_ip: text "senderIp",
        subject: text "subject",
        threat_detection_methods: texts "threatDetectionMethods",
        threats: texts "threats",
        url_count: number "urlCount",
        urls: texts "urls",
        urn: text "urn",
    }
    MailClusterEvidence "Messages that are alike." {
        cluster_by: text "clusterBy",
        cluster_by_value: text "clusterByValue",
        email_count: number "emailCount",
        network_message_ids: texts "networkMessageIds",
        query: text "query",
        urn: text "urn",
    }
    SubmissionMailEvidence "A message that somebody reported." {
        network_message_id: text "networkMessageId",
        recipient: text "recipient",
        report_type: text "reportType",
        sender: text "sender",
        sender_ip: text "senderIp",
        subject: text "subject",
        submitted: time "submissionDateTime",
        submission_id: text "submissionId",
        submitter: text "submitter",
    }
    MailboxEvidence "A mailbox." {
        display_name: text "displayName",
        primary_address: text "primaryAddress",
        upn: text "upn",
        user_account: part(UserAccount) "userAccount",
    }
    MailboxConfigurationEvidence "A setting of a mailbox, such as a forwarding rule." {
        configuration_id: text "configurationId",
        configuration_type: text "configurationType",
        display_name: text "displayName",
        external_directory_object_id: text "externalDirectoryObjectId",
        mailbox_primary_address: text "mailboxPrimaryAddress",
        upn: text "upn",
    }
    TeamsMessageEvidence "A message in Teams." {
        campaign_id: text "campaignId",
        channel_id: text "channelId",
        delivery_action: text "deliveryAction",
        delivery_location: text "deliveryLocation",
        files: list("fileEvidence") "files",
        group_id: text "groupId",
        is_external: flag "isExternal",
        is_owned: flag "isOwned",
        last_modified: time "lastModifiedDateTime",
        message_direction: text "messageDirection",
        message_id: text "messageId",
        owning_tenant_id: text "owningTenantId",
        parent_message_id: text "parentMessageId",
        received: time "receivedDateTime",
        recipients: texts "recipients",
        sender_from_address: text "senderFromAddress",
        sender_ip: text "senderIP",
        source_app_name: text "sourceAppName",
        source_id: text "sourceId",
        subject: text "subject",
        suspicious_recipients: texts "suspiciousRecipients",
        thread_id: text "threadId",
        thread_type: text "threadType",
        urls: list("urlEvidence") "urls",
    }
}
