package dev.gatewright.ledger.lease;

/// A process that records attempts, as its row says.
///
/// @param beat raised by each sign of life
/// @param fenced its owner may write no more
/// @param logSeq last row of its log, 0 when it has none
public record Instance(String id, long beat, boolean fenced, long logSeq) {}
