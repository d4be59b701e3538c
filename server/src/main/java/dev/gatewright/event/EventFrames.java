package dev.gatewright.event;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.rest.Cursors;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Server-sent events as a browser's `EventSource` reads them. An event's id is where its reader
/// stands behind it, signed: who comes back with it goes on from there, and with anything else
/// nowhere. Confined to one stream.
final class EventFrames {
  static final String CONTENT_TYPE = "text/event-stream";

  private static final String LIST = "GET /api/events\n";

  /// How long a browser waits before it comes back.
  private static final int RETRY_MILLIS = 2_000;

  /// Requests told one by one; of more only how many.
  private static final int REQUESTS_MAX = 50;

  private final Cursors cursors;
  private final String organizationId;
  private final OutputStream out;

  EventFrames(Cursors cursors, String organizationId, OutputStream out) {
    this.cursors = cursors;
    this.organizationId = organizationId;
    this.out = out;
  }

  /// Where somebody stood who brings this id; null for one that is none, or of another
  /// organization.
  static @Nullable Position position(Cursors cursors, String organizationId, String id) {
    return cursors.place(LIST + organizationId, id).map(Position::parse).orElse(null);
  }

  void begin(Position position) throws IOException {
    write("retry: %d\nid: %s\n\n".formatted(RETRY_MILLIS, id(position)));
  }

  /// Nothing has happened: the connection is there, and the id moves past what is not for this
  /// reader. An `EventSource` shows nothing of it.
  void heartbeat(Position position) throws IOException {
    write(": heartbeat\nid: %s\n\n".formatted(id(position)));
  }

  /// @return where the reader stands now
  Position events(List<Event> events, Position from) throws IOException {
    Position position = from;
    StringBuilder text = new StringBuilder();
    for (Event event : fewer(events)) {
      position = position.with(event);
      frame(text, position, event.type(), event.json());
    }
    if (!text.isEmpty()) {
      write(text.toString());
    }
    return position;
  }

  /// Some events are lost to the reader: what it shows is to be read anew.
  ///
  /// @param reason `unknown_id`, `too_old` or `slow_reader`
  void resync(String reason, Position position) throws IOException {
    StringBuilder text = new StringBuilder();
    frame(text, position, "resync", reason(reason));
    write(text.toString());
  }

  void end(Ending why, Position position) throws IOException {
    StringBuilder text = new StringBuilder();
    frame(text, position, "end", reason(why.word()));
    write(text.toString());
  }

  private static ObjectNode reason(String word) {
    return JsonNodeFactory.instance.objectNode().put("reason", word);
  }

  private void frame(StringBuilder text, Position position, String type, ObjectNode data) {
    text.append("id: ").append(id(position)).append("\nevent: ").append(type);
    text.append("\ndata: ").append(data).append("\n\n");
  }

  private String id(Position position) {
    return cursors.write(LIST + organizationId, position.text());
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /// Of many requests, and of sums that have grown, the last stands for all.
  static List<Event> fewer(List<Event> events) {
    int requests = count(events, Event.REQUEST);
    int usages = count(events, Event.USAGE);
    List<Event> fewer = new ArrayList<>();
    int requestsSeen = 0;
    int usagesSeen = 0;
    for (Event event : events) {
      switch (event.type()) {
        case Event.REQUEST -> {
          requestsSeen++;
          if (requests <= REQUESTS_MAX) {
            fewer.add(event);
          } else if (requestsSeen == requests) {
            fewer.add(event.many(requests));
          }
        }
        case Event.USAGE -> {
          usagesSeen++;
          if (usagesSeen == usages) {
            fewer.add(event);
          }
        }
        default -> fewer.add(event);
      }
    }
    return fewer;
  }

  private static int count(List<Event> events, String type) {
    return (int) events.stream().filter(event -> event.type().equals(type)).count();
  }
}
