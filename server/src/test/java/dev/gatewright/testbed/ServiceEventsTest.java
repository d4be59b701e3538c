package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How a service does is told while it comes, goes and is drained.
class ServiceEventsTest {
  @TempDir private Path folder;

  @Test
  void tells_of_drained_gone_and_back() throws Exception {
    HttpServer backend = backend(0);
    int port = backend.getAddress().getPort();
    try (FakeProvider provider = FakeProvider.start();
        LocalGate gate =
            LocalGate.start(
                GateSetup.usual(folder, provider)
                    .settings(
                        """
                        services: [{id: echo, preset: ollama, instances: ["http://127.0.0.1:%d"]}]
                        """
                            .formatted(port)))) {
      TestPerson owner = TestPerson.owner(gate);
      try (EventListener events = EventListener.open(gate, owner, owner.organizationId(), null)) {
        assertThat(events.answer().statusCode()).isEqualTo(200);
        gate.admin().call("POST", "/api/services/echo/drain", "{}", 200);
        told(events, "draining");
        gate.admin().call("POST", "/api/services/echo/undrain", "{}", 200);
        told(events, "up");
        backend.stop(0);
        gate.admin().call("POST", "/api/services/echo/check", "{}", 200);
        gate.admin().call("POST", "/api/services/echo/check", "{}", 200);
        told(events, "down");
        backend = backend(port);
        told(events, "up");
      }
    } finally {
      backend.stop(0);
    }
  }

  private static void told(EventListener events, String how) throws InterruptedException {
    EventListener.Heard heard = events.next("service");
    assertThat(heard.text("object")).isEqualTo("echo");
    assertThat(heard.text("action")).isEqualTo(how);
  }

  private static HttpServer backend(int port) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] answer = "{\"models\":[]}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    return server;
  }
}
