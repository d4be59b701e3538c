package dev.gatewright.llm;

import dev.gatewright.edge.EdgeHandler;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.RouteTable;
import dev.gatewright.llm.dialect.Dialect;
import dev.gatewright.llm.dialect.Endpoint;
import dev.gatewright.llm.dialect.LlmReply;
import io.netty.handler.codec.http.HttpHeaders;

/// The LLM endpoints of a gate that serves none: each refuses, in the dialect of its callers.
public final class SealedEndpoints {
  private SealedEndpoints() {}

  /// @param refusal what every one of them answers
  public static void mount(RouteTable.Builder routes, Refusal refusal) {
    for (Endpoint endpoint : Endpoint.values()) {
      routes.any(endpoint.path(), new Refusing(endpoint.dialect(), refusal));
    }
    routes.any(
        "/v1/models",
        exchange -> LlmReply.refuse(exchange, UnknownEndpoint.dialect(exchange), refusal));
  }

  private record Refusing(Dialect dialect, Refusal refusal) implements EdgeHandler {
    @Override
    public void handle(Exchange exchange) {
      LlmReply.refuse(exchange, dialect, refusal);
    }

    @Override
    public boolean traced() {
      return true;
    }

    @Override
    public void reject(Exchange exchange, Refusal other, HttpHeaders headers) {
      LlmReply.refuse(exchange, dialect, other, headers);
    }
  }
}
