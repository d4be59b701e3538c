package dev.gatewright.service.config;

import dev.gatewright.ledger.Rung;
import org.jspecify.annotations.Nullable;

/// What a call of a service goes out with.
///
/// @param rung whose it is
/// @param credential null = none is needed
public record Paid(Rung rung, @Nullable ServiceCredential credential) {}
