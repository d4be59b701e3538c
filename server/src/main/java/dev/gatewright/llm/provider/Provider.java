package dev.gatewright.llm.provider;

import dev.gatewright.llm.dialect.Dialect;
import dev.gatewright.relay.Origin;
import dev.gatewright.relay.Timeouts;
import dev.gatewright.secret.Secret;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A provider as configured. Immutable.
///
/// @param id what stands before the slash in `provider/model`
/// @param origin where it is dialled; its credential goes nowhere else
/// @param basePath what stands before `/chat/completions`, `/messages` …; empty or begins with a
///   slash, ends with none
/// @param apiKey null = none is sent
/// @param headers sent with every call; values may be secrets
/// @param allowPrivate its address may be private or loopback
/// @param askUsage ask for the usage of a chat stream where the caller does not
public record Provider(
    String id,
    Dialect dialect,
    Origin origin,
    String basePath,
    @Nullable Secret apiKey,
    Map<String, Secret> headers,
    boolean allowPrivate,
    boolean askUsage,
    Timeouts timeouts) {
  public Provider {
    headers = Map.copyOf(headers);
  }
}
