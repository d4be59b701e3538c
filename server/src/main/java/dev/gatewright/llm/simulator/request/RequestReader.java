package dev.gatewright.llm.simulator.request;

import dev.gatewright.edge.Refusal;
import dev.gatewright.json.JsonKind;
import dev.gatewright.json.JsonListener;
import dev.gatewright.json.JsonText;
import dev.gatewright.json.JsonWalker;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Walks a request's body, a slice at a time, without making a tree of it. Confined to one thread,
/// used once.
public final class RequestReader implements JsonListener {
  /// Bytes walked in one step: a fraction of a millisecond.
  public static final int SLICE_BYTES = 64 << 10;

  private final Form form;
  private final byte[] body;
  private final MessageDigest digest;
  private final JsonWalker walker;
  private final Conversation conversation;
  private final Numbers numbers;
  private final Inputs inputs;
  private final Tools tools = new Tools();
  private final List<String> stops = new ArrayList<>();
  private @Nullable Refusal refusal;
  private int at;
  private String model = "";
  private boolean stream;
  private boolean usageAsked;
  private boolean logprobs;
  private boolean base64;
  private String toolName = "";
  private int toolFrom;
  private int toolTo;
  private String formatType = "";
  private boolean formatNamed;
  private int schemaFrom = -1;
  private int schemaTo = -1;

  public RequestReader(Form form, byte[] body) {
    this.form = form;
    this.body = body;
    digest = Digests.sha256();
    digest.update(form.toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    walker = new JsonWalker(RequestShape.of(form), this, false);
    conversation = new Conversation(form);
    numbers = new Numbers(form);
    inputs = new Inputs();
  }

  /// Walks on; false when the whole body has been walked, or as far as makes sense.
  public boolean step() {
    int to = Math.min(body.length, at + SLICE_BYTES);
    boolean good = walker.feed(body, at, to);
    digest.update(body, at, to - at);
    at = to;
    return good && refusal == null && at < body.length;
  }

  /// What is wrong with the request; null when nothing is.
  public @Nullable Refusal refusal() {
    if (refusal == null && !walker.finish()) {
      refusal = Refusal.invalid("The body is not acceptable JSON: " + walker.problem() + ".");
    }
    for (int i = 0; refusal == null && i < 5; i++) {
      refusal =
          switch (i) {
            case 0 -> model.isEmpty() ? missing("model", "the name of a model") : null;
            case 1 -> numbers.fault(logprobs);
            case 2 -> form.speaks() || form == Form.COUNT_TOKENS ? conversation.fault() : null;
            case 3 -> inputs.fault(form, numbers.dimensions());
            default -> faultOfTools();
          };
    }
    return refusal;
  }

  private static Refusal missing(String param, String expected) {
    return Refusal.invalid("%s: missing (expected: %s)".formatted(param, expected), param);
  }

  private @Nullable Refusal faultOfTools() {
    String fault = tools.fault();
    if (fault != null) {
      return Refusal.invalid(fault, "tool_choice");
    }
    if (formatType.equals("json_schema") && !form.anthropic() && !formatNamed) {
      return missing("response_format.json_schema.name", "a name");
    }
    if (formatType.equals("json_schema") && schemaFrom < 0 && form != Form.CHAT) {
      return missing("the format's schema", "a JSON schema");
    }
    return null;
  }

  /// Only after [#refusal()] was null.
  public Asked asked() {
    byte[] hash = digest.digest();
    long seed = Noise.hash(hash, 0, hash.length) & Long.MAX_VALUE;
    return new Asked(
        model,
        "sim" + HexFormat.of().formatHex(hash, 0, 12),
        seed,
        stream,
        usageAsked,
        numbers.choices(),
        numbers.tokensMax(),
        numbers.topLogprobs(logprobs),
        List.copyOf(stops),
        conversation.words() + inputs.words(),
        inputs.hashes(),
        numbers.dimensions(),
        base64);
  }

  /// What was said last, by the user or by a tool.
  public String text() {
    return conversation.text();
  }

  /// What the user said last; empty when a tool has spoken since.
  public String script() {
    return conversation.script();
  }

  public Tools tools() {
    return tools;
  }

  /// The text is to be JSON.
  public boolean json() {
    return formatType.equals("json_schema") || formatType.equals("json_object");
  }

  /// The schema it has to fit; null = any.
  public byte @Nullable [] schema() {
    return schemaFrom < 0 || formatType.equals("json_object") ? null : bytes(schemaFrom, schemaTo);
  }

  public byte[] bytes(int from, int to) {
    return Arrays.copyOfRange(body, from, to);
  }

  @Override
  public void value(int mark, JsonWalker walked) {
    Mark place = Mark.of(mark);
    switch (place) {
      case MODEL -> model = text(walked);
      case STREAM -> stream = walked.kind() == JsonKind.TRUE;
      case INCLUDE_USAGE -> usageAsked = walked.kind() == JsonKind.TRUE;
      case LOGPROBS -> logprobs = walked.kind() == JsonKind.TRUE;
      case INCLUDE -> logprobs |= text(walked).equals("message.output_text.logprobs");
      case N, MAX_TOKENS, MAX_COMPLETION_TOKENS, MAX_OUTPUT_TOKENS, TOP_LOGPROBS, DIMENSIONS ->
          numbers.number(place, walked);
      case STOP -> stop(walked);
      case MESSAGES -> conversation.list(walked.kind(), spoken(walked));
      case MESSAGE -> conversation.begin();
      case ROLE -> conversation.role(text(walked));
      case TYPE -> conversation.type(text(walked));
      case CONTENT -> conversation.said(spoken(walked));
      case RESULT -> conversation.result(spoken(walked));
      case SYSTEM -> conversation.system(spoken(walked));
      case ENCODING_FORMAT -> base64 = text(walked).equals("base64");
      case PROMPT -> inputs.prompt(spoken(walked));
      case INPUT, INPUT_ONE, INPUT_TOKEN -> input(place, walked);
      case TOOL -> {
        toolName = "";
        toolFrom = -1;
        toolTo = -1;
      }
      default -> ofTools(place, walked);
    }
  }

  private void ofTools(Mark place, JsonWalker walked) {
    switch (place) {
      case TOOL_NAME -> toolName = text(walked);
      case TOOL_SCHEMA -> toolFrom = (int) walked.start();
      case CHOICE -> {
        if (walked.kind() == JsonKind.STRING) {
          tools.choice(text(walked));
        }
      }
      case CHOICE_TYPE -> tools.choice(text(walked));
      case CHOICE_NAME -> tools.named(text(walked));
      case CHOICE_MODE -> tools.mode(text(walked));
      case ALLOWED_NAME -> tools.allow(text(walked));
      case FORMAT_TYPE -> formatType = text(walked);
      case FORMAT_NAME -> formatNamed = !text(walked).isEmpty();
      case FORMAT_SCHEMA -> schemaFrom = (int) walked.start();
      default -> {}
    }
  }

  @Override
  public void closed(int mark, JsonWalker walked) {
    switch (Mark.of(mark)) {
      case MESSAGE -> {
        Refusal fault = conversation.end();
        refusal = refusal == null ? fault : refusal;
      }
      case TOOL -> tool();
      case TOOL_SCHEMA -> toolTo = (int) walked.end();
      case FORMAT_SCHEMA -> schemaTo = (int) walked.end();
      case INPUT_ONE -> inputs.closed(body, (int) walked.end());
      case INPUT -> inputs.allClosed(body, (int) walked.end());
      default -> {}
    }
  }

  private void tool() {
    if (tools.count() == Tools.TOOLS_MAX) {
      refusal =
          Refusal.invalid("tools: too many (expected: ≤ %d)".formatted(Tools.TOOLS_MAX), "tools");
    } else if (!toolName.isEmpty()) {
      tools.add(new Tools.Tool(toolName, toolTo < 0 ? -1 : toolFrom, toolTo));
    }
  }

  private void stop(JsonWalker walked) {
    if (walked.kind() != JsonKind.STRING) {
      return;
    }
    String text = walked.text();
    if (stops.size() == Stops.countMax(form) || text == null || text.length() > Stops.CHARS_MAX) {
      refusal =
          Refusal.invalid(
              "stop: expected at most %d texts of at most %d characters"
                  .formatted(Stops.countMax(form), Stops.CHARS_MAX),
              "stop");
    } else if (!text.isEmpty()) {
      stops.add(text);
    }
  }

  private void input(Mark place, JsonWalker walked) {
    Refusal fault =
        switch (walked.kind()) {
          case STRING -> inputs.text(place, spoken(walked));
          case ARRAY -> inputs.opened(place, (int) walked.start());
          case NUMBER -> inputs.token(place);
          default ->
              Refusal.invalid("input: expected a text, texts, tokens or lists of tokens", "input");
        };
    refusal = refusal == null ? fault : refusal;
  }

  private static String text(JsonWalker walked) {
    String text = walked.kind() == JsonKind.STRING ? walked.text() : null;
    return text == null ? "" : text;
  }

  /// A text of any length; empty for all else.
  private String spoken(JsonWalker walked) {
    int from = (int) walked.start() + 1;
    return walked.kind() == JsonKind.STRING
        ? JsonText.decode(body, from, (int) walked.end() - 1 - from)
        : "";
  }
}
