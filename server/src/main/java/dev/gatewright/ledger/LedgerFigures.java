package dev.gatewright.ledger;

/// How the ledger of this process does, as of now.
///
/// @param waiting openings and closes that wait for their commit
/// @param open attempts whose opening is durable and whose close is not
/// @param commits that have become durable
/// @param commitNanos how long these took, together
/// @param failed commits that did not, or of which nobody knows
/// @param logLagNanos how long the commit under way takes, or the log has been failing; 0 = all
///   well
/// @param projectionLagNanos how long logged usage has waited to be counted; 0 = nothing waits
/// @param setAside instances, of any process, whose usage cannot be counted
/// @param writtenOffNano nano-USD that calls cost beyond their reservations; must read 0
public record LedgerFigures(
    int waiting,
    int open,
    long commits,
    long commitNanos,
    long failed,
    long logLagNanos,
    long projectionLagNanos,
    int setAside,
    long writtenOffNano) {}
