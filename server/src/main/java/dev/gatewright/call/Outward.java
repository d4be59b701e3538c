package dev.gatewright.call;

import dev.gatewright.admission.LiveCalls;
import dev.gatewright.ledger.Attempts;
import dev.gatewright.telemetry.Time;

/// What all outward calls of a process share. Thread-safe.
public record Outward(LiveCalls liveCalls, Attempts attempts, Time time) {}
