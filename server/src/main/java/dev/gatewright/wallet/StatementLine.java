package dev.gatewright.wallet;

import java.time.LocalDate;

/// What one kind of transfer came to on one day.
///
/// @param nano what the wallet's balance changed by
public record StatementLine(String kind, LocalDate day, long nano) {}
