package dev.gatewright.call.span;

import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.relay.Origin;
import dev.gatewright.telemetry.trace.Conventions;
import dev.gatewright.telemetry.trace.ModelNames;
import dev.gatewright.telemetry.trace.Span;
import dev.gatewright.telemetry.trace.Trace;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One try at a provider or a service, as its row has it.
///
/// @param error why it went wrong, one of few words; null = it did not
/// @param origin where it went
/// @param model as the answer names it; null = it named none
public record TrySpan(
    Trace trace,
    long id,
    Opening opening,
    Outcome outcome,
    @Nullable String error,
    Origin origin,
    @Nullable String model,
    long startNanos,
    long endNanos)
    implements Span {
  private static final double MILLIS = 1000;

  @Override
  public long parent() {
    return trace.place().span();
  }

  @Override
  public boolean inward() {
    return false;
  }

  /// To a model, as the conventions have it; of a service its route, which is a template.
  @Override
  public String name() {
    return service().isEmpty()
        ? ModelNames.operation(opening.endpoint()) + " " + asked()
        : opening.endpoint();
  }

  private String service() {
    return opening.facets().service();
  }

  /// The model's name at the provider.
  private String asked() {
    String target = opening.target();
    String provider = opening.provider() + "/";
    return target.startsWith(provider) ? target.substring(provider.length()) : target;
  }

  @Override
  public boolean failed() {
    return error != null;
  }

  @Override
  public void describe(Words words) {
    boolean ofModel = service().isEmpty();
    if (ofModel) {
      words.text(Conventions.OPERATION, ModelNames.operation(opening.endpoint()));
      words.text(Conventions.PROVIDER, ModelNames.provider(opening.provider()));
      words.flag(Conventions.REQUEST_STREAM, opening.stream());
    } else {
      words.text(Conventions.SERVICE, service());
      words.text(Conventions.HTTP_ROUTE, opening.endpoint());
    }
    if (!asked().equals("-")) {
      words.text(Conventions.REQUEST_MODEL, asked());
    }
    if (model != null) {
      words.text(Conventions.RESPONSE_MODEL, model);
    }
    used(words, outcome.usage(), ofModel);
    if (outcome.status() > 0) {
      words.number(Conventions.HTTP_STATUS, outcome.status());
    }
    if (opening.stream() && outcome.firstByteMillis() >= 0) {
      words.real(Conventions.TIME_TO_FIRST_CHUNK, outcome.firstByteMillis() / MILLIS);
    }
    if (!opening.test()) {
      words.text(Conventions.SERVER_ADDRESS, origin.host());
      words.number(Conventions.SERVER_PORT, origin.port());
    }
    if (error != null) {
      words.text(Conventions.ERROR_TYPE, error);
    }
    words.text(Conventions.REQUEST_ID, opening.requestId());
    words.text(Conventions.TARGET, opening.target());
    words.number(Conventions.TRY, opening.ordinal());
    words.flag(Conventions.TEST, opening.test());
    words.text(Conventions.END, outcome.end().name().toLowerCase(Locale.ROOT));
    if (!opening.facets().site().isEmpty()) {
      words.text(Conventions.SITE, opening.facets().site());
    }
  }

  /// Numbers nobody gave are not there, but for a model's two.
  private static void used(Words words, Usage usage, boolean ofModel) {
    if (ofModel || usage.inputTokens() > 0 || usage.outputTokens() > 0) {
      words.number(Conventions.INPUT_TOKENS, usage.inputTokens());
      words.number(Conventions.OUTPUT_TOKENS, usage.outputTokens());
    }
    some(words, Conventions.CACHE_READ_TOKENS, usage.cachedTokens());
    some(words, Conventions.CACHE_WRITTEN_TOKENS, usage.cacheWriteTokens());
    some(words, Conventions.REASONING_TOKENS, usage.reasoningTokens());
  }

  private static void some(Words words, String name, long number) {
    if (number > 0) {
      words.number(name, number);
    }
  }
}
