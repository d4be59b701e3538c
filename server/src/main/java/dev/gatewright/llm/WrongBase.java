package dev.gatewright.llm;

import dev.gatewright.edge.EdgeHandler;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.RequestHead;
import dev.gatewright.edge.RouteTable;
import dev.gatewright.llm.dialect.Dialect;
import dev.gatewright.llm.dialect.Json;
import dev.gatewright.llm.dialect.LlmReply;
import io.netty.buffer.Unpooled;
import java.util.List;

/// Paths that a client arrives at when it was given a wrong base URL: 404 in its own dialect,
/// naming the right one. No key is asked for: nothing is told that the documentation does not say.
final class WrongBase implements EdgeHandler {
  private static final List<String> OPENAI =
      List.of(
          "/chat/completions",
          "/completions",
          "/embeddings",
          "/images/generations",
          "/responses",
          "/models");
  private static final List<String> ANTHROPIC = List.of("/messages", "/messages/count_tokens");
  private static final List<String> OLLAMA =
      List.of("chat", "generate", "embed", "embeddings", "tags", "ps", "show", "version", "pull");

  private enum Client {
    OPENAI("OpenAI's", "/v1"),
    ANTHROPIC("Anthropic's", ""),
    OLLAMA("Ollama's", "/ollama");

    private final String whose;
    private final String base;

    Client(String whose, String base) {
      this.whose = whose;
      this.base = base;
    }
  }

  private final Client client;

  private WrongBase(Client client) {
    this.client = client;
  }

  static void mount(RouteTable.Builder routes) {
    OPENAI.forEach(path -> routes.unlisted(path, new WrongBase(Client.OPENAI)));
    ANTHROPIC.forEach(path -> routes.unlisted(path, new WrongBase(Client.ANTHROPIC)));
    OLLAMA.forEach(name -> routes.unlisted("/api/" + name, new WrongBase(Client.OLLAMA)));
    routes.unlisted("/api/v1/{rest*}", new WrongBase(Client.OPENAI));
    routes.unlisted("/v1/v1/messages", new WrongBase(Client.ANTHROPIC));
    routes.unlisted("/v1/v1/messages/{rest*}", new WrongBase(Client.ANTHROPIC));
    routes.unlisted("/v1/v1/{rest*}", new WrongBase(Client.OPENAI));
  }

  @Override
  public void handle(Exchange exchange) {
    RequestHead head = exchange.request();
    // A client that speaks Anthropic's dialect says so wherever it lands.
    boolean anthropic = head.headers().contains("anthropic-version");
    Client asks = anthropic && client == Client.OPENAI ? Client.ANTHROPIC : client;
    reject(
        exchange,
        asks,
        Refusal.notFound(
            "There is no endpoint %s %s here (expected: the base URL of %s clients, %s://%s%s)."
                .formatted(
                    head.method(),
                    Refusal.shown(head.path()),
                    asks.whose,
                    head.scheme(),
                    Refusal.shown(head.host()),
                    asks.base)));
  }

  @Override
  public boolean traced() {
    return true;
  }

  @Override
  public void reject(Exchange exchange, Refusal refusal) {
    reject(exchange, client, refusal);
  }

  private static void reject(Exchange exchange, Client asks, Refusal refusal) {
    switch (asks) {
      case OPENAI -> LlmReply.refuse(exchange, Dialect.OPENAI, refusal);
      case ANTHROPIC -> LlmReply.refuse(exchange, Dialect.ANTHROPIC, refusal);
      case OLLAMA -> {
        exchange.access().reason(refusal.code());
        byte[] body = Json.bytes(Json.object().put("error", refusal.message()));
        exchange.reply(refusal.status(), EdgeReply.headers(refusal), Unpooled.wrappedBuffer(body));
      }
    }
  }
}
