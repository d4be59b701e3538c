package dev.gatewright.audit;

import dev.gatewright.account.Tenant;

/// One link of an organization's chain.
///
/// @param seq 1 for the first of the organization, unbroken
/// @param atMillis epoch milliseconds UTC
/// @param actor `key_…`, `local` or `system`
/// @param action such as `key.create`
/// @param subject the id of what was changed
/// @param detail JSON object; never holds a secret
/// @param hash base64url; covers the link before and every field above
public record AuditEntry(
    Tenant tenant,
    long seq,
    long atMillis,
    String actor,
    String action,
    String subject,
    String detail,
    String hash) {}
