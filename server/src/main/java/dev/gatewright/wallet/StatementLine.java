package dev.gatewright.wallet;

import java.time.LocalDate;

/// What one kind of transfer came to on one day.
///
/// @param model the name callers asked for; empty = what is no usage, or usage of calls opened on
///   another day
/// @param nano what the wallet's balance changed by
public record StatementLine(String kind, String model, LocalDate day, long nano) {}
