package dev.gatewright.audit;

import dev.gatewright.account.Actor;
import dev.gatewright.account.Tenant;

/// One link of an organization's chain.
///
/// @param seq 1 for the first of the organization, unbroken
/// @param atMillis epoch milliseconds UTC
/// @param action such as `key.create`
/// @param subject the id of what was changed
/// @param detail JSON object; never holds a secret
/// @param form which fields the hash covers: 1 = without the actor's kind, address and request
/// @param hash base64url; covers the link before and the fields above
public record AuditEntry(
    Tenant tenant,
    long seq,
    long atMillis,
    Actor actor,
    String action,
    String subject,
    String detail,
    long form,
    String hash) {
  static final long FORM = 2;
}
