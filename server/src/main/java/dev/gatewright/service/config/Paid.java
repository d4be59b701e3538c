package dev.gatewright.service.config;

import dev.gatewright.credential.ProjectCredentials.Said;
import dev.gatewright.ledger.Rung;
import org.jspecify.annotations.Nullable;

/// What a call of a service goes out with.
///
/// @param rung whose it is
/// @param credential null = none is needed
/// @param allowUnpriced what project and organization say of calls to what has no price
public record Paid(Rung rung, @Nullable ServiceCredential credential, Said allowUnpriced) {}
