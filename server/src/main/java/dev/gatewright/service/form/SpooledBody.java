package dev.gatewright.service.form;

import dev.gatewright.call.Body;
import dev.gatewright.edge.BodyReceiver;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// An upload that waited on disk and now goes out, a piece at a time. Confined to the exchange's
/// event loop.
final class SpooledBody implements Body {
  private final SpoolFile file;
  private @Nullable BodyReceiver to;
  private long sent;
  private boolean reading;
  private boolean paused;
  private boolean over;

  /// @param file complete; taken over
  SpooledBody(SpoolFile file) {
    this.file = file;
  }

  @Override
  public long length() {
    return file.length();
  }

  @Override
  public @Nullable ByteBuf whole() {
    return null;
  }

  @Override
  public void stream(BodyReceiver receiver) {
    to = receiver;
    next();
  }

  private void next() {
    BodyReceiver receiver = to;
    if (receiver == null || reading || paused || over) {
      return;
    }
    if (sent == file.length()) {
      over = true;
      receiver.end();
      return;
    }
    reading = true;
    file.read(sent, part -> came(receiver, part), _ -> failed(receiver));
  }

  private void came(BodyReceiver receiver, ByteBuf part) {
    reading = false;
    if (over) {
      part.release();
      return;
    }
    sent += part.readableBytes();
    receiver.data(part);
    next();
  }

  private void failed(BodyReceiver receiver) {
    reading = false;
    if (!over) {
      over = true;
      receiver.refused(MultipartUpload.cannotKeep());
    }
  }

  @Override
  public void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    paused = false;
    next();
  }

  @Override
  public void release() {
    over = true;
    file.delete();
  }
}
