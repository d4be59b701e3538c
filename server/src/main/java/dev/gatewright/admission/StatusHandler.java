package dev.gatewright.admission;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.edge.EdgeHandler;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.jwt.JwtHolder;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyFormat;
import dev.gatewright.key.KeyState;
import dev.gatewright.ledger.Usd;
import dev.gatewright.limit.LimitGate;
import dev.gatewright.limit.Whose;
import dev.gatewright.limit.term.Limit;
import dev.gatewright.limit.term.LimitKind;
import dev.gatewright.limit.term.Window;
import dev.gatewright.policy.RulesCodec;
import dev.gatewright.telemetry.Time;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// GET /status: tells the holder of a key who it is, what it may and until when.
public final class StatusHandler implements EdgeHandler {
  private final Admission admission;
  private final LimitGate limits;
  private final Time time;

  public StatusHandler(Admission admission, LimitGate limits, Time time) {
    this.admission = admission;
    this.limits = limits;
    this.time = time;
  }

  @Override
  public void handle(Exchange exchange) {
    admission.admit(
        exchange,
        admitted -> {
          switch (admitted) {
            case Admitted.No no -> EdgeReply.refuse(exchange, no.refusal());
            case Admitted.Yes(Caller caller) ->
                limits.look(
                    new Whose(caller.tenant(), caller.id(), caller.personId()),
                    exchange.eventLoop(),
                    behind -> {
                      ObjectNode status = status(caller);
                      status.set("limits", limits(behind));
                      EdgeReply.json(exchange, 200, status.toString());
                    });
          }
        });
  }

  private ObjectNode status(Caller caller) {
    return switch (caller) {
      case KeyCaller holder -> status(holder.key());
      case JwtCaller holder -> status(holder.who(), holder.scopes());
    };
  }

  private ObjectNode status(JwtHolder holder, List<String> scopes) {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("id", holder.id());
    status.put("name", holder.subject());
    status.put("kind", "jwt");
    status.put("state", "active");
    status.put("issuer", holder.issuer());
    status.put("subject", holder.subject());
    status.put("organization_id", holder.tenant().organizationId());
    status.put("project_id", holder.tenant().projectId());
    status.putNull("created_at");
    status.putNull("not_before");
    status.put("expires_at", text(holder.expiresMillis()));
    status.put("user", holder.user());
    status.set("rules", RulesCodec.toJson(holder.rules().view().rules()));
    status.putArray("manages");
    scopes.forEach(status.putArray("scopes")::add);
    status.putObject("limits");
    return status;
  }

  private ObjectNode status(ApiKey key) {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("id", key.id());
    status.put("name", key.name());
    status.put("kind", KeyFormat.word(key.kind()));
    status.put("state", KeyState.of(key, time.millis()).word());
    status.put("organization_id", key.tenant().organizationId());
    status.put("project_id", key.tenant().projectId());
    status.put("created_at", text(key.createdMillis()));
    status.put("not_before", key.notBeforeMillis() == 0 ? null : text(key.notBeforeMillis()));
    status.put("expires_at", text(key.expiresMillis()));
    status.put("user", key.user());
    status.set("rules", RulesCodec.toJson(key.rules()));
    key.manages().forEach(status.putArray("manages")::add);
    key.scopes().forEach(status.putArray("scopes")::add);
    return status;
  }

  /// Each limit behind the caller, and what of it is left, by its id.
  private ObjectNode limits(List<LimitGate.Shown> behind) {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    for (LimitGate.Shown shown : behind) {
      Limit limit = shown.limit();
      boolean money = limit.kind() == LimitKind.SPEND;
      Window per = limit.per();
      ObjectNode one = all.putObject(limit.id());
      one.put("on", limit.on()).put("kind", limit.kind().word());
      if (money) {
        one.put("max", Usd.text(limit.max()));
      } else {
        one.put("max", limit.max());
      }
      one.put("per", per == null ? null : per.word());
      if (money) {
        one.put("remaining", Usd.text(shown.left()));
      } else {
        one.put("remaining", shown.left());
      }
      one.put(
          "resets_at",
          shown.resetNanos() == 0 ? null : time.instant().plusNanos(shown.resetNanos()).toString());
    }
    return all;
  }

  private static @Nullable String text(@Nullable Long millis) {
    return millis == null ? null : Instant.ofEpochMilli(millis).toString();
  }
}
