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
/// @param form how the hash was made: 1 = an HMAC without the actor's kind, address and request, 2
///   = an HMAC over all fields, 3 = a SHA-256 over [EntryText], 4 = with the actor's session and
///   program and the outcome
/// @param outcome [#OK] or [#DENIED]; empty before form 4
/// @param hash base64url; covers the link before and the fields above
/// @param seal base64url, an HMAC over the hash; empty before form 3, whose hash is its own seal
public record AuditEntry(
    Tenant tenant,
    long seq,
    long atMillis,
    Actor actor,
    String action,
    String subject,
    String detail,
    long form,
    String outcome,
    String hash,
    String seal) {
  static final long FORM = 4;

  /// It was done.
  static final String OK = "ok";

  /// It was tried, and refused.
  static final String DENIED = "denied";

  /// From this form on anyone can follow the chain.
  static final long FORM_PLAIN = 3;

  /// From this form on links say by which session and program, and with what outcome.
  static final long FORM_VIA = 4;
}
