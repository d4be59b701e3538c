package dev.gatewright.llm;

import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.RequestHead;
import dev.gatewright.llm.PeekedBody.Edit;
import dev.gatewright.relay.Timeouts;
import dev.gatewright.relay.UpstreamRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;

/// What goes to the provider: the caller's body but for the edits named in [#changed], and no
/// header that is not on the list.
final class ProviderRequest {
  /// A caller's headers a provider may see; nothing else passes.
  private static final AsciiString[] PASSED = {
    HttpHeaderNames.CONTENT_TYPE,
    HttpHeaderNames.ACCEPT,
    HttpHeaderNames.USER_AGENT,
    AsciiString.cached("anthropic-version"),
    AsciiString.cached("anthropic-beta"),
    AsciiString.cached("openai-beta")
  };

  private final Endpoint endpoint;
  private final RequestHead head;
  private final Target target;
  private final List<Edit> edits = new ArrayList<>(2);
  private final List<String> changed = new ArrayList<>(2);
  private final boolean asksUsage;

  ProviderRequest(
      Endpoint endpoint, RequestHead head, Target target, PeekedBody peeked, boolean askUsage) {
    this.endpoint = endpoint;
    this.head = head;
    this.target = target;
    if (!target.model().equals(peeked.model())) {
      edits.add(BodySplice.model(peeked, target.model()));
      changed.add("model");
    }
    Edit usage = peeked.usageEdit();
    asksUsage =
        askUsage
            && endpoint == Endpoint.CHAT
            && peeked.stream()
            && target.provider().askUsage()
            && usage != null;
    if (asksUsage && usage != null) {
      edits.add(usage);
      changed.add("stream_options.include_usage");
    }
  }

  /// Usage is asked for in the caller's place: its chunk must not reach the caller.
  boolean asksUsage() {
    return asksUsage;
  }

  /// Paths of the fields that differ from what the caller sent.
  List<String> changed() {
    return changed;
  }

  /// @param body the caller's; a reference of it passes
  /// @param fresh demand a new connection
  UpstreamRequest build(ByteBuf body, boolean fresh) {
    ByteBuf sent = BodySplice.apply(ByteBufAllocator.DEFAULT, body, edits);
    return new UpstreamRequest(
        head.method(), path(), headers(), sent, sent.readableBytes(), timeouts(), fresh);
  }

  private Timeouts timeouts() {
    return target.provider().timeouts();
  }

  private String path() {
    String path = target.provider().basePath() + endpoint.suffix();
    return head.query() == null ? path : path + "?" + head.query();
  }

  private HttpHeaders headers() {
    HttpHeaders headers = EdgeReply.newHeaders();
    for (AsciiString name : PASSED) {
      for (String value : head.headers().getAll(name)) {
        headers.add(name, value);
      }
    }
    Provider provider = target.provider();
    headers.set(HttpHeaderNames.ACCEPT_ENCODING, "identity");
    if (provider.apiKey() != null) {
      provider.dialect().credential(headers, provider.apiKey());
    }
    provider.headers().forEach((name, value) -> headers.set(name, value.expose()));
    return headers;
  }
}
