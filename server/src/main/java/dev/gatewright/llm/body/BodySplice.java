package dev.gatewright.llm.body;

import dev.gatewright.llm.body.PeekedBody.Edit;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Changes named ranges of a body and leaves every other byte as it came; nothing is serialised
/// again.
public final class BodySplice {
  /// Up to this size one copy is cheaper than a composite.
  private static final int COPY_BYTES_MAX = 16 * 1024;

  private BodySplice() {}

  /// The edit that makes the body ask for `model`.
  public static Edit model(PeekedBody peeked, String model) {
    return new Edit(peeked.modelStart(), peeked.modelEnd(), quoted(model));
  }

  /// Takes over `body`; what is returned holds its bytes with `edits` applied, which must not
  /// overlap.
  public static ByteBuf apply(ByteBufAllocator allocator, ByteBuf body, List<Edit> edits) {
    if (edits.isEmpty()) {
      return body;
    }
    List<Edit> inOrder = new ArrayList<>(edits);
    inOrder.sort(Comparator.comparingInt(Edit::start));
    return body.readableBytes() <= COPY_BYTES_MAX
        ? copied(allocator, body, inOrder)
        : composed(allocator, body, inOrder);
  }

  private static ByteBuf copied(ByteBufAllocator allocator, ByteBuf body, List<Edit> edits) {
    int growth = 0;
    for (Edit edit : edits) {
      growth += 3 * edit.text().length();
    }
    ByteBuf spliced = allocator.buffer(body.readableBytes() + growth);
    int base = body.readerIndex();
    int done = 0;
    for (Edit edit : edits) {
      spliced.writeBytes(body, base + done, edit.start() - done);
      spliced.writeCharSequence(edit.text(), StandardCharsets.UTF_8);
      done = edit.end();
    }
    spliced.writeBytes(body, base + done, body.readableBytes() - done);
    body.release();
    return spliced;
  }

  private static ByteBuf composed(ByteBufAllocator allocator, ByteBuf body, List<Edit> edits) {
    CompositeByteBuf spliced = allocator.compositeBuffer(2 * edits.size() + 1);
    int base = body.readerIndex();
    int done = 0;
    for (Edit edit : edits) {
      spliced.addComponent(true, body.retainedSlice(base + done, edit.start() - done));
      spliced.addComponent(
          true, Unpooled.wrappedBuffer(edit.text().getBytes(StandardCharsets.UTF_8)));
      done = edit.end();
    }
    spliced.addComponent(true, body.retainedSlice(base + done, body.readableBytes() - done));
    body.release();
    return spliced;
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < 0x20 || Character.isSurrogate(c)) {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
