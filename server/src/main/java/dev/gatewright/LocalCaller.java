package dev.gatewright;

import dev.gatewright.edge.RequestHead;
import dev.gatewright.secret.Secret;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.function.Predicate;

/// Knows the local command line by its key of this start: it needs no edge secret where others do,
/// because no proxy stands between it and the edge.
final class LocalCaller implements Predicate<RequestHead> {
  private final Secret authorization;

  LocalCaller(Secret localAdminKey) {
    this.authorization = Secret.of("Bearer " + localAdminKey.expose());
  }

  @Override
  public boolean test(RequestHead request) {
    String presented = request.headers().get(HttpHeaderNames.AUTHORIZATION);
    return presented != null && authorization.equals(Secret.of(presented));
  }
}
