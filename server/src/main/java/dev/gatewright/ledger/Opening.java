package dev.gatewright.ledger;

import dev.gatewright.account.Tenant;
import org.jspecify.annotations.Nullable;

/// What is known of an attempt before its first byte goes out.
///
/// @param requestId `req_…`, shared by all attempts of one request
/// @param ordinal 0 for the first attempt of a request, then 1, 2 …
/// @param firstOnTarget no earlier attempt of this request used this target
/// @param firstOnProvider no earlier attempt of this request used this provider
/// @param keyId `key_…`
/// @param model the name the caller asked for
/// @param target `provider/model` as used
/// @param provider the provider's id
/// @param endpoint the route's template, such as `/v1/chat/completions`
/// @param stream the caller asked for a stream
/// @param test a test key: never billed, `test` on its rows
/// @param startedMillis wall clock
/// @param inputTokensEstimate counted from the request, used if the provider reports nothing
/// @param rung whose credential it goes out with
/// @param charge what it is priced by and what is kept aside for it; null = nothing
public record Opening(
    String requestId,
    int ordinal,
    boolean firstOnTarget,
    boolean firstOnProvider,
    Tenant tenant,
    String keyId,
    String model,
    String target,
    String provider,
    String endpoint,
    boolean stream,
    boolean test,
    long startedMillis,
    long inputTokensEstimate,
    Rung rung,
    Facets facets,
    @Nullable Charge charge) {

  /// With nobody's credential.
  public Opening(
      String requestId,
      int ordinal,
      boolean firstOnTarget,
      boolean firstOnProvider,
      Tenant tenant,
      String keyId,
      String model,
      String target,
      String provider,
      String endpoint,
      boolean stream,
      boolean test,
      long startedMillis,
      long inputTokensEstimate) {
    this(
        requestId,
        ordinal,
        firstOnTarget,
        firstOnProvider,
        tenant,
        keyId,
        model,
        target,
        provider,
        endpoint,
        stream,
        test,
        startedMillis,
        inputTokensEstimate,
        Rung.NONE);
  }

  /// Neither priced nor paid for.
  public Opening(
      String requestId,
      int ordinal,
      boolean firstOnTarget,
      boolean firstOnProvider,
      Tenant tenant,
      String keyId,
      String model,
      String target,
      String provider,
      String endpoint,
      boolean stream,
      boolean test,
      long startedMillis,
      long inputTokensEstimate,
      Rung rung) {
    this(
        requestId,
        ordinal,
        firstOnTarget,
        firstOnProvider,
        tenant,
        keyId,
        model,
        target,
        provider,
        endpoint,
        stream,
        test,
        startedMillis,
        inputTokensEstimate,
        rung,
        Facets.NONE,
        null);
  }

  public Opening {
    if (ordinal < 0) {
      throw new IllegalArgumentException("ordinal: %d (expected: >= 0)".formatted(ordinal));
    }
    if (startedMillis < 0 || startedMillis >= 1L << 48) {
      throw new IllegalArgumentException(
          "started: %d ms (expected: a time after 1970)".formatted(startedMillis));
    }
    inputTokensEstimate = Outcome.Usage.bounded(inputTokensEstimate);
  }

  private Opening with(Facets newFacets, @Nullable Charge newCharge) {
    return new Opening(
        requestId,
        ordinal,
        firstOnTarget,
        firstOnProvider,
        tenant,
        keyId,
        model,
        target,
        provider,
        endpoint,
        stream,
        test,
        startedMillis,
        inputTokensEstimate,
        rung,
        newFacets,
        newCharge);
  }

  /// @param site the host of the site it came to
  public Opening through(String site) {
    return with(new Facets(facets.service(), site, facets.memberId(), facets.tags()));
  }

  public Opening with(Facets newFacets) {
    return with(newFacets, charge);
  }

  public Opening with(Charge newCharge) {
    return with(facets, newCharge);
  }
}
