package dev.gatewright.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.edge.Exchange.Ended;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Whatever ends an exchange, its owner hears of it once.
class EndedTest {
  private final BlockingQueue<Ended> ends = new ArrayBlockingQueue<>(10);

  private void ends(EdgeHandler handler, String request, @Nullable Ended expected)
      throws InterruptedException {
    RouteTable routes =
        RouteTable.builder()
            .any(
                "/it",
                exchange -> {
                  exchange.onEnded(ends::add);
                  handler.handle(exchange);
                })
            .build();
    try (Edge edge = Edge.start(routes)) {
      try (RawClient client = edge.connect()) {
        client.send(request);
        if (expected != Ended.GONE) {
          assertThat(ends.poll(5, TimeUnit.SECONDS)).isEqualTo(expected);
        }
      }
      if (expected == Ended.GONE) {
        assertThat(ends.poll(5, TimeUnit.SECONDS)).isEqualTo(expected);
      }
    }
    assertThat(ends).as("further ends").isEmpty();
  }

  private static final String GET = Wire.head("GET /it HTTP/1.1", "Host: gate");
  private static final String POST =
      Wire.head("POST /it HTTP/1.1", "Host: gate", "Content-Length: 5") + "hello";

  @Test
  void by_a_complete_answer() throws InterruptedException {
    ends(exchange -> EdgeReply.json(exchange, 200, "{}"), GET, Ended.FINISHED);
  }

  @Test
  void by_a_broken_answer() throws InterruptedException {
    ends(exchange -> exchange.reset("test"), GET, Ended.RESET);
  }

  @Test
  void by_an_answer_shorter_than_announced() throws InterruptedException {
    ends(
        exchange -> {
          exchange.head(200, EdgeReply.newHeaders(), 10);
          exchange.finish();
        },
        GET,
        Ended.RESET);
  }

  @Test
  void by_the_caller_leaving() throws InterruptedException {
    ends(exchange -> {}, GET, Ended.GONE);
  }

  @Test
  void by_a_bug_in_a_handler() throws InterruptedException {
    ends(
        exchange -> {
          throw new IllegalStateException("a bug");
        },
        GET,
        Ended.FINISHED);
  }

  @Test
  void by_a_bug_behind_the_head() throws InterruptedException {
    ends(
        exchange -> {
          exchange.head(200, EdgeReply.newHeaders(), -1);
          exchange.write(Unpooled.copiedBuffer(new byte[1]));
          throw new IllegalStateException("a bug");
        },
        GET,
        Ended.RESET);
  }

  @Test
  void by_a_bug_in_a_receiver_of_the_body() throws InterruptedException {
    ends(exchange -> exchange.receive(new Broken(), 100), POST, Ended.FINISHED);
  }

  @Test
  void heard_by_one_who_asks_too_late() throws InterruptedException {
    ends(
        exchange -> {
          exchange.onEnded(_ -> {});
          EdgeReply.json(exchange, 200, "{}");
          exchange.onEnded(ends::add);
        },
        GET,
        Ended.FINISHED);
  }

  private static final class Broken implements BodyReceiver {
    @Override
    public void data(ByteBuf part) {
      part.release();
      throw new IllegalStateException("a bug");
    }

    @Override
    public void end() {}

    @Override
    public void refused(Refusal refusal) {}
  }
}
