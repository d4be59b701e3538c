package dev.gatewright.edge;

import dev.gatewright.share.Shares;
import dev.gatewright.telemetry.Time;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// What all connections of one edge share. Immutable but for its counters.
///
/// @param connections those that are served, by the address at their other end
/// @param probation connections beyond those, of whom one may be the local command line
/// @param open connections at the moment, refused ones included
/// @param turnedAway connections closed because there were too many
record EdgeCore(
    EdgeLimits limits,
    Time time,
    TargetCheck targets,
    boolean keysInPath,
    Forwarded forwarded,
    EdgeSecrets secrets,
    Dispatch dispatch,
    Cors cors,
    Drain drain,
    AccessLog log,
    Shares connections,
    AtomicInteger probation,
    AtomicInteger open,
    LongAdder turnedAway) {

  static EdgeCore of(
      EdgeConfig config,
      Time time,
      List<String> idPrefixes,
      Dispatch dispatch,
      Cors cors,
      Drain drain,
      AccessLog log) {
    return new EdgeCore(
        config.limits(),
        time,
        new TargetCheck(idPrefixes),
        config.keysInPath(),
        new Forwarded(config.trustedProxies()),
        new EdgeSecrets(config.edgeSecrets()),
        dispatch,
        cors,
        drain,
        log,
        config.limits().connectionShares(),
        new AtomicInteger(),
        new AtomicInteger(),
        new LongAdder());
  }
}
