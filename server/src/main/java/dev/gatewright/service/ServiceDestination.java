package dev.gatewright.service;

import dev.gatewright.credential.Destination;
import dev.gatewright.relay.Timeouts;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.fetch.Fetch;
import dev.gatewright.secret.Secret;
import dev.gatewright.service.backend.Instance;
import dev.gatewright.service.backend.Service;
import dev.gatewright.service.config.ServiceCredential;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/// A self-hosted service as a place for credentials: bound to all of its instances, asked as its
/// health is asked.
record ServiceDestination(Service service, Fetch fetch) implements Destination {
  private static final Timeouts PHASES =
      new Timeouts(Duration.ofSeconds(3), Duration.ofSeconds(5), Duration.ofSeconds(5));
  private static final long CHECK_MILLIS_MAX = 10_000;
  private static final int ANSWER_BYTES_MAX = 1 << 20;

  /// Where its instances stand, in one text.
  static String origins(Service service) {
    return service.config().instances().stream()
        .map(url -> url.origin().toString())
        .sorted()
        .distinct()
        .collect(Collectors.joining(" "));
  }

  @Override
  public Fit fit(Secret text) {
    return ServiceCredential.of(text, service.config().credential()) == null
        ? new Fit.Wrong(
            "not a credential (expected: Bearer …, Basic …, or the value alone, printable ASCII)")
        : new Fit.Good(text, origins(service), "");
  }

  @Override
  public boolean stands(String origin) {
    return origins(service).equals(origin);
  }

  @Override
  public Checked check(Secret secret) {
    ServiceCredential shown = ServiceCredential.of(secret, service.config().credential());
    if (shown == null) {
      return Checked.failed("no header can carry it");
    }
    Checked last = Checked.failed("the service has no instance");
    for (Instance instance : service.instances().all()) {
      last = ask(instance, shown);
      if (last.status() != null) {
        return last;
      }
    }
    return last;
  }

  private Checked ask(Instance instance, ServiceCredential shown) {
    Fetch.Request request =
        new Fetch.Request(
            instance.url().origin(),
            DialRules.ALLOW_PRIVATE,
            "GET",
            instance.url().path() + service.preset().probe().path(),
            Map.of(shown.header(), shown.value()),
            null,
            PHASES,
            CHECK_MILLIS_MAX,
            ANSWER_BYTES_MAX);
    return switch (fetch.send(request)) {
      case Fetch.Fetched.Answer answer -> Checked.of(answer.status());
      case Fetch.Fetched.Failed failed -> Checked.failed(failed.failure().message());
    };
  }
}
