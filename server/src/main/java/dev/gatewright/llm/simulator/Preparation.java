package dev.gatewright.llm.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatewright.edge.Refusal;
import dev.gatewright.llm.simulator.request.Asked;
import dev.gatewright.llm.simulator.request.FencedSchema;
import dev.gatewright.llm.simulator.request.Form;
import dev.gatewright.llm.simulator.request.RequestReader;
import dev.gatewright.llm.simulator.request.Stops;
import dev.gatewright.llm.simulator.request.ToolCall;
import dev.gatewright.llm.simulator.request.Tools;
import dev.gatewright.llm.simulator.request.Words;
import dev.gatewright.llm.simulator.schema.SchemaInstance;
import dev.gatewright.llm.simulator.schema.SchemaInstance.Made;
import org.jspecify.annotations.Nullable;

/// From a request's body to a script, in steps of a few milliseconds at most, so that a loop can
/// turn to others between two of them. Confined to one thread, used once.
final class Preparation {
  /// Tokens of all choices of one answer, each alternative of a log probability counted.
  static final int TOKENS_MAX = 100_000;

  /// Characters of all choices of one answer.
  static final int CHARS_MAX = 4 << 20;

  private static final int STORY_WORDS = 50;

  private final Form form;
  private final SimOptions options;
  private final RequestReader reader;
  private @Nullable Asked asked;
  private @Nullable ToolCall tool;
  private String text = "";
  private int end;
  private boolean told;
  private int nextStop;
  private @Nullable String stop;
  private @Nullable Script script;

  Preparation(Form form, SimOptions options, byte[] body) {
    this.form = form;
    this.options = options;
    this.reader = new RequestReader(form, body);
  }

  /// The script once it is ready; null when another step is needed.
  @Nullable Script step() {
    Asked known = asked;
    if (known == null) {
      if (!reader.step()) {
        read();
      }
    } else if (nextStop < known.stops().size() && tool == null) {
      stop(known.stops().get(nextStop++));
    } else {
      script = script(cut(known));
    }
    return script;
  }

  private void read() {
    Refusal refusal = reader.refusal();
    Asked found = refusal == null ? reader.asked() : null;
    if (found != null && form.speaks()) {
      refusal = speak(found);
    }
    if (refusal != null) {
      script = Script.refused(form, refusal, found == null ? "sim" : found.id());
    } else if (found != null && !form.speaks()) {
      script =
          switch (form) {
            case EMBEDDINGS -> EmbeddingsAnswer.script(found);
            case IMAGES -> ImagesAnswer.script(found);
            default ->
                Script.whole(
                    new Parts()
                        .then(
                            () -> new JsonOut().open().put("input_tokens", found.words()).close()));
          };
    } else {
      asked = found;
    }
  }

  /// Decides between a tool and a text, and which.
  private @Nullable Refusal speak(Asked found) {
    Tools tools = reader.tools();
    if (tools.count() > 0 && !tools.forbidden()) {
      ToolCall.Asked scripted = ToolCall.in(reader.script(), tools);
      if (scripted.refusal() != null) {
        return scripted.refusal();
      }
      tool = scripted.call();
      Tools.Tool forced = tool == null && tools.forced() ? tools.forced(found.seed()) : null;
      if (forced != null) {
        return call(forced, found);
      }
      if (tool != null) {
        text(tool.arguments());
        return null;
      }
    }
    return reader.json() ? json(found) : tell(found);
  }

  private @Nullable Refusal call(Tools.Tool forced, Asked found) {
    String arguments = "{}";
    if (forced.schemaFrom() >= 0) {
      byte[] schema = reader.bytes(forced.schemaFrom(), forced.schemaTo());
      switch (SchemaInstance.of(schema, found.seed(), reader.script())) {
        case Made.Json(String json) -> arguments = json;
        case Made.Refused(String why) -> {
          return Refusal.invalid(
              "tools: the schema of %s: %s".formatted(Tools.cut(forced.name()), why), "tools");
        }
      }
    }
    tool = new ToolCall(forced.name(), arguments);
    text(arguments);
    return null;
  }

  private @Nullable Refusal json(Asked found) {
    byte[] schema = reader.schema();
    if (schema == null) {
      String said = reader.text().strip();
      text(said.startsWith("{") && ToolCall.isJson(said) ? said : "{}");
      return null;
    }
    return switch (SchemaInstance.of(schema, found.seed(), reader.text())) {
      case Made.Json(String json) -> {
        text(json);
        yield null;
      }
      case Made.Refused(String why) ->
          Refusal.invalid("the format's schema: " + why, "response_format");
    };
  }

  private @Nullable Refusal tell(Asked found) {
    int wanted = options.tokens();
    if (found.model().equals(Simulator.STORY)) {
      story(wanted >= 0 ? wanted : STORY_WORDS);
      return null;
    }
    String fenced = FencedSchema.in(reader.script());
    if (fenced != null
        && wanted < 0
        && SchemaInstance.of(fenced.getBytes(UTF_8), found.seed(), "")
            instanceof Made.Json(String json)) {
      text(json);
      return null;
    }
    text(reader.text().isBlank() ? "" : reader.text());
    if (wanted >= 0) {
      int at = 0;
      int words = 0;
      while (words < wanted && at < end) {
        at = Words.end(text, at, end);
        words++;
      }
      if (words == wanted) {
        end = at;
      } else {
        story(wanted);
      }
    }
    return null;
  }

  private void story(int words) {
    told = true;
    text = Words.story();
    end = Words.storyEnd(words);
  }

  private void text(String newText) {
    text = newText;
    end = text.length();
  }

  private void stop(String candidate) {
    int found = Stops.find(text, end, candidate);
    if (found >= 0) {
      end = found;
      stop = candidate;
    }
  }

  /// Counts the tokens up to the cap.
  private Turn cut(Asked found) {
    ToolCall called = tool;
    int alternatives = called == null ? Math.max(0, found.topLogprobs()) : 0;
    long cap = TOKENS_MAX / ((long) found.choices() * (1 + alternatives));
    if (found.tokensMax() >= 0 && called == null) {
      cap = Math.min(cap, found.tokensMax());
    }
    int to = called != null ? end : Math.min(end, CHARS_MAX / found.choices());
    int at = 0;
    int tokens = 0;
    while (at < to && (tokens < cap || called != null)) {
      at = Words.end(text, at, to);
      tokens++;
    }
    boolean whole = at == end;
    Turn.Finish finish =
        called != null ? Turn.Finish.TOOL : whole ? Turn.Finish.STOP : Turn.Finish.LENGTH;
    return new Turn(found, text, at, tokens, finish, whole ? stop : null, called);
  }

  private Script script(Turn turn) {
    Script made =
        switch (form) {
          case RESPONSES -> new ResponsesAnswer(turn).script();
          case MESSAGES -> new MessagesAnswer(turn).script();
          default -> new ChatAnswer(turn).script();
        };
    return made.holding(told ? 0 : text.length());
  }
}
