package dev.gatewright.llm.body;

import static dev.gatewright.llm.body.PeekShape.ATTACHMENT;
import static dev.gatewright.llm.body.PeekShape.BACKGROUND;
import static dev.gatewright.llm.body.PeekShape.CHOICES;
import static dev.gatewright.llm.body.PeekShape.COMPLETION_CAP;
import static dev.gatewright.llm.body.PeekShape.CONTAINER;
import static dev.gatewright.llm.body.PeekShape.INCLUDE_USAGE;
import static dev.gatewright.llm.body.PeekShape.ITEM;
import static dev.gatewright.llm.body.PeekShape.ITEM_ID;
import static dev.gatewright.llm.body.PeekShape.ITEM_RESULT;
import static dev.gatewright.llm.body.PeekShape.ITEM_ROLE;
import static dev.gatewright.llm.body.PeekShape.ITEM_TYPE;
import static dev.gatewright.llm.body.PeekShape.MODEL;
import static dev.gatewright.llm.body.PeekShape.OUTPUT_CAP;
import static dev.gatewright.llm.body.PeekShape.OUTPUT_TOKENS_CAP;
import static dev.gatewright.llm.body.PeekShape.ROOT;
import static dev.gatewright.llm.body.PeekShape.STREAM;
import static dev.gatewright.llm.body.PeekShape.STREAM_OPTIONS;
import static dev.gatewright.llm.body.PeekShape.TIER;
import static dev.gatewright.llm.body.PeekShape.TOOL;

import dev.gatewright.edge.Refusal;
import dev.gatewright.json.JsonKind;
import dev.gatewright.json.JsonListener;
import dev.gatewright.json.JsonWalker;
import dev.gatewright.llm.body.PeekedBody.Edit;
import dev.gatewright.llm.body.PeekedBody.OutputCap;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One pass over the whole top level of a request's body, without a tree: finds what we act on, and
/// refuses what a provider might read differently from us. Confined to one thread, used once.
public final class BodyPeek implements JsonListener {
  private static final int BYTES_PER_TOKEN = 4;

  /// What a picture of usual size or a page of a document comes to at OpenAI (765 to 1,105) and
  /// Anthropic (up to about 1,600; 1,500 to 3,000 a page); used only where the provider says
  /// nothing.
  private static final int ATTACHMENT_TOKENS = 1_000;

  private static final Pattern TIER_NAME = Pattern.compile("[a-z0-9_]{1,32}");

  private static final String ASK_USAGE = "\"include_usage\":true";

  /// Bytes are walked in the heap, a window at a time that stays in the first-level cache.
  private static final FastThreadLocal<byte[]> WINDOW =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[16 * 1024];
        }
      };

  private final JsonWalker walker = new JsonWalker(PeekShape.REQUEST, this, true);
  private @Nullable Refusal refusal;

  private @Nullable String model;
  private int modelStart;
  private int modelEnd;
  private boolean stream;
  private boolean usageAsked;
  private @Nullable Edit optionsEdit;
  private int bodyEnd;
  private long outputTokensMax = -1;
  private long choices = -1;
  private String serviceTier = "";
  private boolean capOdd;
  private String capNamed = "";
  private @Nullable String capNull;
  private Edit capNullAt = new Edit(0, 0, "");
  private boolean tools;
  private @Nullable String providerState;

  private @Nullable String itemType;
  private boolean itemRole;
  private boolean itemId;
  private boolean itemResult;
  private int attachments;
  private long attachmentBytes;

  private BodyPeek() {}

  /// Looks at `body` without moving its reader index or taking it over.
  public static Peek at(ByteBuf body) {
    return new BodyPeek().look(body);
  }

  private Peek look(ByteBuf body) {
    byte[] window = WINDOW.get();
    int from = body.readerIndex();
    int to = body.writerIndex();
    boolean good = true;
    while (good && from < to) {
      int length = Math.min(window.length, to - from);
      body.getBytes(from, window, 0, length);
      good = walker.feed(window, 0, length);
      from += length;
    }
    if (!good || !walker.finish()) {
      return unreadable();
    }
    return found(body.readableBytes());
  }

  private Peek unreadable() {
    String param = walker.problemParam();
    String message = "The body is not acceptable JSON: " + walker.problem() + ".";
    return new Peek.Unreadable(
        param == null ? Refusal.invalid(message) : Refusal.invalid(message, param));
  }

  private Peek found(int bytes) {
    if (refusal == null && bodyEnd == 0) {
      refusal = Refusal.invalid("The body is not a JSON object.");
    }
    if (refusal == null && model == null) {
      refusal = Refusal.invalid("model: missing (expected: the name of a model)", "model");
    }
    if (refusal != null || model == null) {
      return new Peek.Unreadable(
          refusal != null ? refusal : Refusal.invalid("model: missing", "model"));
    }
    Edit edit = usageAsked ? null : optionsEdit;
    if (edit == null && !usageAsked) {
      edit = new Edit(bodyEnd - 1, bodyEnd - 1, ",\"stream_options\":{" + ASK_USAGE + "}");
    }
    return new PeekedBody(
        model,
        modelStart,
        modelEnd,
        stream,
        usageAsked,
        edit,
        outputTokensMax,
        choices,
        tools,
        providerState,
        (bytes - attachmentBytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN
            + (long) ATTACHMENT_TOKENS * attachments,
        serviceTier,
        bytes,
        new OutputCap(
            capNamed,
            capOdd,
            capNull,
            capNull == null ? new Edit(bodyEnd - 1, bodyEnd - 1, "") : capNullAt));
  }

  @Override
  public void value(int mark, JsonWalker at) {
    switch (mark) {
      case MODEL -> model(at);
      case STREAM -> stream = flag(at, "stream");
      case STREAM_OPTIONS -> streamOptions(at);
      case INCLUDE_USAGE -> {
        usageAsked = flag(at, "stream_options.include_usage");
        optionsEdit = new Edit((int) at.start(), (int) at.end(), "true");
      }
      case OUTPUT_CAP -> cap(at, "max_tokens");
      case COMPLETION_CAP -> cap(at, "max_completion_tokens");
      case OUTPUT_TOKENS_CAP -> cap(at, "max_output_tokens");
      case CHOICES -> choices = at.number();
      case TIER -> serviceTier = tier(at);
      case TOOL -> tools = true;
      case BACKGROUND -> state(at.kind() == JsonKind.TRUE, "background");
      case CONTAINER -> state(at.kind() == JsonKind.STRING && at.textBytes() > 0, "container");
      case ATTACHMENT -> attachment(at);
      case ITEM -> {
        itemType = null;
        itemRole = false;
        itemId = false;
        itemResult = false;
      }
      case ITEM_TYPE -> itemType = at.kind() == JsonKind.STRING ? at.text() : null;
      case ITEM_ROLE -> itemRole = true;
      case ITEM_ID -> itemId = true;
      case ITEM_RESULT -> itemResult = at.kind() != JsonKind.NULL;
      default -> {
        boolean empty =
            switch (at.kind()) {
              case STRING -> at.textBytes() == 0;
              case NULL, OBJECT, ARRAY -> true;
              case NUMBER, TRUE, FALSE -> false;
            };
        state(!empty, PeekShape.statePath(mark));
      }
    }
  }

  @Override
  public void closed(int mark, JsonWalker at) {
    if (mark == ROOT) {
      bodyEnd = at.kind() == JsonKind.OBJECT ? (int) at.end() : 0;
    } else if (mark == STREAM_OPTIONS && at.kind() == JsonKind.OBJECT && optionsEdit == null) {
      int inside = (int) at.end() - 1;
      optionsEdit = new Edit(inside, inside, (at.empty() ? "" : ",") + ASK_USAGE);
    } else if (mark == ITEM && at.kind() == JsonKind.OBJECT) {
      // An item with an id alone is a reference as well: its type may be left out.
      boolean reference =
          "item_reference".equals(itemType) || (itemType == null && itemId && !itemRole);
      state(reference, ProviderState.ITEM_REFERENCE);
      state(
          "image_generation_call".equals(itemType) && itemId && !itemResult,
          "input[] of type image_generation_call without its result");
    } else {
      state(!at.empty(), PeekShape.statePath(mark));
    }
  }

  /// What it costs may depend on it; one that nobody could have is passed on for the provider to
  /// refuse.
  private static String tier(JsonWalker at) {
    String name = at.kind() == JsonKind.STRING ? at.textStart() : "";
    return TIER_NAME.matcher(name).matches() ? name : "";
  }

  /// Its bytes are no text: it costs what a picture or a page costs, not what it weighs.
  private void attachment(JsonWalker at) {
    if (at.kind() != JsonKind.STRING) {
      return;
    }
    String begin = at.textStart();
    if (begin.indexOf(' ') < 0 && begin.indexOf('\n') < 0) {
      attachments++;
      attachmentBytes += at.textBytes();
    }
  }

  private void model(JsonWalker at) {
    String name = at.kind() == JsonKind.STRING ? at.text() : null;
    if (name == null || name.isEmpty()) {
      refuse(
          "model: expected a name of 1 to %d bytes".formatted(JsonWalker.TEXT_BYTES_MAX), "model");
      return;
    }
    if (!printable(name)) {
      refuse("model: expected a name without control characters and lone surrogates", "model");
      return;
    }
    model = name;
    modelStart = (int) at.start();
    modelEnd = (int) at.end();
  }

  /// The name is written into errors, rows and the access log's neighbours: it stays one line.
  private static boolean printable(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (!printable(name.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean printable(char c) {
    return c >= 0x20 && c != 0x7f && !(c >= 0x80 && c < 0xa0) && !Character.isSurrogate(c);
  }

  private void streamOptions(JsonWalker at) {
    if (at.kind() == JsonKind.NULL) {
      optionsEdit = new Edit((int) at.start(), (int) at.end(), "{" + ASK_USAGE + "}");
    } else if (at.kind() != JsonKind.OBJECT) {
      refuse("stream_options: expected an object", "stream_options");
    }
  }

  private void cap(JsonWalker at, String field) {
    if (at.kind() == JsonKind.NULL) {
      if (capNull == null) {
        capNull = field;
        capNullAt = new Edit((int) at.start(), (int) at.end(), "");
      }
      return;
    }
    long tokens = at.number();
    capOdd |= tokens < 0;
    capNamed = tokens > outputTokensMax || capNamed.isEmpty() ? field : capNamed;
    outputTokensMax = Math.max(outputTokensMax, tokens);
  }

  private boolean flag(JsonWalker at, String path) {
    JsonKind kind = at.kind();
    if (kind != JsonKind.TRUE && kind != JsonKind.FALSE && kind != JsonKind.NULL) {
      refuse(path + ": expected true or false", path);
    }
    return kind == JsonKind.TRUE;
  }

  private void state(boolean named, @Nullable String path) {
    if (named && path != null && providerState == null) {
      providerState = path;
    }
  }

  private void refuse(String message, String param) {
    if (refusal == null) {
      refusal = Refusal.invalid(message, param);
    }
  }
}
