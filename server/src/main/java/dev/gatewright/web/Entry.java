package dev.gatewright.web;

import dev.gatewright.account.Memberships;
import dev.gatewright.account.SessionAdmission;
import dev.gatewright.telemetry.Time;

/// Whom the portal's door asks who calls.
///
/// @param keys by API key
/// @param sessions by a session's cookie
/// @param memberships which organizations there are for whom
public record Entry(
    PortalAdmission keys, SessionAdmission sessions, Memberships memberships, Time time) {}
