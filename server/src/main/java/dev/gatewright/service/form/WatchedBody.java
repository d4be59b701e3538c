package dev.gatewright.service.form;

import dev.gatewright.call.Body;
import dev.gatewright.edge.BodyReceiver;
import dev.gatewright.edge.Refusal;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// A form that streams straight through, its recording's head looked at in passing. Confined to the
/// exchange's event loop.
///
/// @param passing the body itself
record WatchedBody(Body passing, RecordingWatch watch) implements Body {
  @Override
  public long length() {
    return passing.length();
  }

  @Override
  public @Nullable ByteBuf whole() {
    return passing.whole();
  }

  @Override
  public void stream(BodyReceiver to) {
    passing.stream(
        new BodyReceiver() {
          @Override
          public void data(ByteBuf part) {
            watch.watch(part);
            to.data(part);
          }

          @Override
          public void end() {
            to.end();
          }

          @Override
          public void refused(Refusal refusal) {
            to.refused(refusal);
          }
        });
  }

  @Override
  public void pause() {
    passing.pause();
  }

  @Override
  public void resume() {
    passing.resume();
  }

  @Override
  public void release() {
    passing.release();
  }
}
