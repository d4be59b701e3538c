package dev.gatewright.llm.provider;

import dev.gatewright.edge.RequestHead;
import dev.gatewright.llm.body.BodySplice;
import dev.gatewright.llm.body.PeekedBody;
import dev.gatewright.llm.body.PeekedBody.Edit;
import dev.gatewright.llm.dialect.Endpoint;
import dev.gatewright.relay.Timeouts;
import dev.gatewright.relay.UpstreamRequest;
import dev.gatewright.secret.Secret;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What goes to the provider: the caller's body but for the edits named in [#changed], and no
/// header that is not on the list.
public final class ProviderRequest {
  private final Endpoint endpoint;
  private final RequestHead head;
  private final Target target;
  private final @Nullable Secret secret;
  private final List<Edit> edits = new ArrayList<>(3);
  private final List<String> changed = new ArrayList<>(2);
  private final boolean asksUsage;

  /// @param secret goes in place of the configured credential; null = that one
  /// @param cap the output cap it gets in the caller's place; negative = none
  /// @param usageRefused targets that must not be asked for a stream's usage
  public ProviderRequest(
      Endpoint endpoint,
      RequestHead head,
      Target target,
      PeekedBody peeked,
      @Nullable Secret secret,
      UsageRefused usageRefused,
      long cap) {
    this.endpoint = endpoint;
    this.secret = secret;
    this.head = head;
    this.target = target;
    if (!target.model().equals(peeked.model())) {
      edits.add(BodySplice.model(peeked, target.model()));
      changed.add("model");
    }
    Edit usage = peeked.usageEdit();
    asksUsage =
        endpoint == Endpoint.CHAT
            && peeked.stream()
            && target.provider().askUsage()
            && usage != null
            && !usageRefused.contains(target);
    if (asksUsage && usage != null) {
      edits.add(usage);
      changed.add("stream_options.include_usage");
    }
    String field = target.provider().capField(endpoint);
    if (cap >= 0 && field != null) {
      String there = peeked.cap().nullField();
      edits.add(peeked.capped(field, cap));
      changed.add(there == null ? field : there);
    }
  }

  /// Usage is asked for in the caller's place: its chunk must not reach the caller.
  public boolean asksUsage() {
    return asksUsage;
  }

  /// Paths of the fields that differ from what the caller sent.
  public List<String> changed() {
    return changed;
  }

  /// @param body the caller's; a reference of it passes
  /// @param fresh demand a new connection
  public UpstreamRequest build(ByteBuf body, boolean fresh) {
    ByteBuf sent = BodySplice.apply(ByteBufAllocator.DEFAULT, body, edits);
    return new UpstreamRequest(
        head.method(),
        path(),
        headers(),
        target.head().lines(secret == null),
        sent,
        sent.readableBytes(),
        timeouts(),
        fresh);
  }

  private HttpHeaders headers() {
    HttpHeaders headers = target.head().passed(head.headers());
    if (secret != null) {
      target.provider().dialect().credential(headers, secret);
    }
    return headers;
  }

  private Timeouts timeouts() {
    return target.provider().timeouts();
  }

  private String path() {
    String path = target.head().path(endpoint);
    return head.query() == null ? path : path + "?" + head.query();
  }
}
