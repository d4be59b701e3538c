package dev.gatewright.web;

import dev.gatewright.account.Memberships;
import dev.gatewright.account.SessionAdmission;
import dev.gatewright.telemetry.Time;
import dev.gatewright.web.idempotency.Creates;

/// Whom the portal's door asks who calls.
///
/// @param keys by API key
/// @param sessions by a session's cookie
/// @param memberships which organizations there are for whom
/// @param creates runs repeated creates once
public record Entry(
    PortalAdmission keys,
    SessionAdmission sessions,
    Memberships memberships,
    Creates creates,
    Time time) {}
