package dev.gatewright.edge.connection;

import dev.gatewright.edge.Cors;
import dev.gatewright.edge.Drain;
import dev.gatewright.edge.EdgeConfig;
import dev.gatewright.edge.EdgeLimits;
import dev.gatewright.edge.EdgeSecrets;
import dev.gatewright.edge.Forwarded;
import dev.gatewright.edge.head.TargetCheck;
import dev.gatewright.edge.log.AccessLog;
import dev.gatewright.edge.site.SiteDoor;
import dev.gatewright.edge.tls.TlsDoor;
import dev.gatewright.share.Shares;
import dev.gatewright.telemetry.Time;
import dev.gatewright.telemetry.trace.Tracing;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// What all connections of one edge share. Immutable but for its counters.
///
/// @param strangers which of the requests of nobody's key that became nothing are told
/// @param tls null = this port speaks without
/// @param h2c without TLS it takes HTTP/2 from who begins with it
/// @param connections those that are served, by the address at their other end
/// @param unread bytes that came and nobody has asked for yet, by the same address
/// @param probation connections beyond those, of whom one may be the local command line
/// @param open connections at the moment, refused ones included
/// @param turnedAway connections closed because there were too many
/// @param handshakesFailed connections that ended within TLS's handshake
public record EdgeCore(
    EdgeLimits limits,
    Time time,
    TargetCheck targets,
    boolean keysInPath,
    Forwarded forwarded,
    EdgeSecrets secrets,
    SiteDoor sites,
    Dispatch dispatch,
    Cors cors,
    Drain drain,
    AccessLog log,
    Tracing tracing,
    Strangers strangers,
    @Nullable TlsDoor tls,
    boolean h2c,
    Shares connections,
    Shares unread,
    AtomicInteger probation,
    AtomicInteger open,
    LongAdder turnedAway,
    LongAdder handshakesFailed) {

  public static EdgeCore of(
      EdgeConfig config,
      Time time,
      List<String> idPrefixes,
      SiteDoor sites,
      Dispatch dispatch,
      Cors cors,
      Drain drain,
      AccessLog log,
      Tracing tracing,
      @Nullable TlsDoor tls) {
    return new EdgeCore(
        config.limits(),
        time,
        new TargetCheck(idPrefixes),
        config.keysInPath(),
        new Forwarded(config.trustedProxies(), config.clientAddress()),
        new EdgeSecrets(config.edgeSecrets()),
        sites,
        dispatch,
        cors,
        drain,
        log,
        tracing,
        new Strangers(time::nanos),
        tls,
        config.protocols().h2c(),
        config.limits().connectionShares(),
        config.limits().unreadShares(),
        new AtomicInteger(),
        new AtomicInteger(),
        new LongAdder(),
        new LongAdder());
  }
}
