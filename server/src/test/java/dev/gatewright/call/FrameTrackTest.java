package dev.gatewright.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameTrackTest {
  @Test
  void knows_every_end_however_the_bytes_are_cut() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      ByteBuf all = Unpooled.buffer();
      List<Integer> ends = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        frame(all, random);
        ends.add(all.writerIndex());
      }
      FrameTrack track = new FrameTrack();
      int at = 0;
      while (at < all.writerIndex()) {
        int length = Math.min(1 + random.nextInt(400), all.writerIndex() - at);
        int from = at;
        int to = at + length;
        int expected =
            ends.stream().filter(end -> end > from && end <= to).reduce((_, b) -> b).orElse(from);
        assertThat(track.pass(all.slice(at, length)))
            .as("seed %d round %d", seed, round)
            .isEqualTo(expected - from);
        at = to;
        assertThat(track.betweenFrames()).as("seed %d", seed).isEqualTo(ends.contains(at));
      }
    }
  }

  private static void frame(ByteBuf into, Random random) {
    int length =
        switch (random.nextInt(4)) {
          case 0 -> 0;
          case 1 -> random.nextInt(126);
          case 2 -> 126 + random.nextInt(2000);
          default -> 65_536 + random.nextInt(100);
        };
    boolean masked = random.nextBoolean();
    into.writeByte(0x82);
    int mask = masked ? 0x80 : 0;
    if (length < 126) {
      into.writeByte(mask | length);
    } else if (length < 65_536) {
      into.writeByte(mask | 126).writeShort(length);
    } else {
      into.writeByte(mask | 127).writeLong(length);
    }
    into.writeZero(masked ? 4 : 0).writeZero(length);
  }

  @Test
  void is_lost_where_bytes_are_no_frames() {
    FrameTrack longControl = new FrameTrack();
    assertThat(longControl.pass(Unpooled.wrappedBuffer(new byte[] {(byte) 0x89, 126}))).isZero();
    assertThat(longControl.betweenFrames()).isFalse();
    FrameTrack endless = new FrameTrack();
    byte[] head = {(byte) 0x82, 127, -1, -1, -1, -1, -1, -1, -1, -1};
    assertThat(endless.pass(Unpooled.wrappedBuffer(head))).isZero();
    assertThat(endless.betweenFrames()).isFalse();
  }

  @Test
  void sees_a_close() {
    FrameTrack track = new FrameTrack();
    ByteBuf close = CloseFrame.KEY_ENDED.toCaller();
    assertThat(track.pass(close)).isEqualTo(close.readableBytes());
    assertThat(track.closeSeen()).isTrue();
    ByteBuf masked = CloseFrame.toBackend();
    assertThat(new FrameTrack().pass(masked)).isEqualTo(8);
    int code = masked.getUnsignedShort(6) ^ masked.getUnsignedShort(2);
    assertThat(code).isEqualTo(1001);
  }
}
