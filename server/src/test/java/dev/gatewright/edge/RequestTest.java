package dev.gatewright.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestTest {
  private static final String CHUNKED_HEAD =
      "POST /echo HTTP/1.1\r\nHost: gate\r\nTransfer-Encoding: chunked\r\n\r\n";

  private Edge edge;

  @BeforeAll
  void start() {
    edge =
        Edge.start(
            RouteTable.builder()
                .any("/echo*", TestHandlers::echo)
                .get("/v1/models/{id*}", TestHandlers::echo)
                .build());
  }

  @AfterAll
  void stop() {
    edge.close();
  }

  @Test
  void answers_with_framing_date_and_request_id() {
    try (RawClient client = edge.connect()) {
      Answer answer = client.send("GET /echo?a=b HTTP/1.1\r\nHost: gate\r\n\r\n").answer();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("GET /echo?a=b ");
      assertThat(answer.header("content-length")).isEqualTo("14");
      assertThat(answer.header("x-request-id")).matches("req_[0-9a-f]{32}");
      assertThat(answer.header("date")).endsWith(" GMT");
      assertThat(answer.header("connection")).isNull();
    }
  }

  @Test
  void keeps_the_connection_for_the_next_request() {
    try (RawClient client = edge.connect()) {
      for (int i = 0; i < 5; i++) {
        client.send("POST /echo HTTP/1.1\r\nHost: gate\r\nContent-Length: 1\r\n\r\n" + i);
        assertThat(client.answer().body()).isEqualTo("POST /echo " + i);
      }
    }
  }

  @Test
  void answers_pipelined_requests_in_order() {
    try (RawClient client = edge.connect()) {
      StringBuilder requests = new StringBuilder();
      for (int i = 0; i < 100; i++) {
        requests.append("POST /echo HTTP/1.1\r\nHost: gate\r\nContent-Length: 2\r\n\r\n");
        requests.append(i / 10).append(i % 10);
      }
      client.send(requests.toString());
      for (int i = 0; i < 100; i++) {
        assertThat(client.answer().body()).isEqualTo("POST /echo " + i / 10 + i % 10);
      }
    }
  }

  @Test
  void reads_a_request_cut_at_every_byte() {
    byte[] request =
        Wire.bytes(CHUNKED_HEAD, "5\r\nhello\r\n6\r\n world\r\n0\r\nX-Trailer: 1\r\n\r\n");
    try (RawClient client = edge.connect()) {
      for (int cut = 1; cut < request.length; cut++) {
        client.send(request, 0, cut).send(request, cut, request.length);
        assertThat(client.answer().body()).isEqualTo("POST /echo hello world");
      }
      for (byte octet : request) {
        client.send(new byte[] {octet});
      }
      assertThat(client.answer().body()).isEqualTo("POST /echo hello world");
    }
  }
}
