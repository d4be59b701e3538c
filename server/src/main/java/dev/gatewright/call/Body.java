package dev.gatewright.call;

import dev.gatewright.edge.BodyReceiver;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// A request's body on its way out: held, streamed from the caller, or spooled. Confined to the
/// exchange's event loop; the call's own until [#release()].
public interface Body {
  /// Bytes in all; 0 = no body; -1 = unknown until it ends.
  long length();

  /// The whole body, where it is in memory: a duplicate whose reference passes to whoever asked,
  /// and which may be asked for again. Null where it is streamed, and so can be sent once only.
  @Nullable ByteBuf whole();

  /// Delivers the body, where [#whole()] is null; called at most once. `to` hears as of an
  /// exchange's body, on this loop, possibly before this returns.
  void stream(BodyReceiver to);

  /// Stops and restarts delivery, for one that takes it more slowly than it comes.
  void pause();

  void resume();

  /// Lets go of everything; nothing is delivered any more. Further calls do nothing.
  void release();
}
