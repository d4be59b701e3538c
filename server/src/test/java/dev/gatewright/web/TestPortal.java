package dev.gatewright.web;

import dev.gatewright.account.Member;
import dev.gatewright.account.Memberships;
import dev.gatewright.account.SessionAdmission;
import dev.gatewright.account.Tenant;
import dev.gatewright.admission.Admitted;
import dev.gatewright.admission.KeyCaller;
import dev.gatewright.handoff.HandoffHeaders;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.TestKeys;
import dev.gatewright.rest.Cursors;
import dev.gatewright.rest.Resource;
import dev.gatewright.secret.Secret;
import dev.gatewright.telemetry.Time;
import dev.gatewright.telemetry.trace.Tracing;
import dev.gatewright.web.idempotency.Creates;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// The real portal with some resources, asked as the edge asks it.
public final class TestPortal implements AutoCloseable {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private final AtomicInteger requests = new AtomicInteger();
  private final Portal portal;

  public TestPortal(PortalAdmission admission, Resource... resources) {
    this(keysOnly(admission), resources);
  }

  public TestPortal(Entry entry, Resource... resources) {
    portal =
        Portal.start(
            Secret.of("s3cret"),
            Tracing.OFF,
            entry,
            new Cursors(TestKeys.master()),
            List.of(resources),
            List.of(),
            "1");
  }

  /// Nobody is signed in, and keys alone tell where a call belongs.
  public static Entry keysOnly(PortalAdmission admission) {
    return keysOnly(admission, Creates.EACH, Time.system());
  }

  public static Entry keysOnly(PortalAdmission admission, Creates creates, Time time) {
    return new Entry(admission, SessionAdmission.NONE, new NoOrganizations(), creates, time);
  }

  /// Everybody comes with this key.
  public static PortalAdmission all(ApiKey.Kind kind, String id, Tenant tenant) {
    return (_, _) ->
        new Admitted.Yes(
            KeyCaller.of(
                new ApiKey(id, tenant, kind, "n", true, "local", 0, 0, null, null, List.of())));
  }

  private static final class NoOrganizations implements Memberships {
    @Override
    public List<Member> of(String personId) {
      return List.of();
    }

    @Override
    public Optional<Tenant> tenant(String organizationId) {
      return Optional.empty();
    }

    @Override
    public Tenant platform() {
      return new Tenant("org_platform", "prj_platform");
    }
  }

  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + portal.port() + path))
        .header(HandoffHeaders.SECRET, "s3cret")
        .header(HandoffHeaders.CLIENT, "10.1.2.3")
        .header(HandoffHeaders.REQUEST_ID, "req_" + requests.incrementAndGet());
  }

  public HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofString());
    } catch (java.io.IOException | InterruptedException failure) {
      throw new IllegalStateException(failure);
    }
  }

  public Portal portal() {
    return portal;
  }

  @Override
  public void close() {
    portal.close();
  }
}
