package dev.gatewright.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// CPU time and memory of a process and its descendants, from `/proc`.
final class ProcessTimes {
  /// `/proc` counts in ticks of 10 ms on every Linux a JDK 25 runs on (USER_HZ = 100).
  private static final long MICROS_PER_TICK = 10_000;

  private ProcessTimes() {}

  /// User and system time in microseconds.
  static long cpuMicros(ProcessHandle process) {
    return all(process).mapToLong(ProcessTimes::ticks).sum() * MICROS_PER_TICK;
  }

  /// What a JVM's compilers have taken of it, in microseconds: the price of being young, which a
  /// gate that runs for days pays once.
  static long compilerMicros(ProcessHandle process) {
    return all(process).flatMap(ProcessTimes::threads).mapToLong(ProcessTimes::compiling).sum()
        * MICROS_PER_TICK;
  }

  private static Stream<Path> threads(ProcessHandle process) {
    try (Stream<Path> threads =
        Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
      return threads.toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long compiling(Path thread) {
    try {
      String name = Files.readString(thread.resolve("comm"));
      return name.startsWith("C1 Comp") || name.startsWith("C2 Comp")
          ? ticks(Files.readString(thread.resolve("stat")))
          : 0;
    } catch (IOException _) {
      return 0; // Compilers come and go; what an ended one took counts as the calls' own.
    }
  }

  /// Resident bytes.
  static long rssBytes(ProcessHandle process) {
    return all(process).mapToLong(ProcessTimes::rss).sum();
  }

  private static Stream<ProcessHandle> all(ProcessHandle process) {
    return Stream.concat(Stream.of(process), process.descendants());
  }

  private static long ticks(ProcessHandle process) {
    return ticks(read(process, "stat"));
  }

  private static long ticks(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }

  private static long rss(ProcessHandle process) {
    return read(process, "status")
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
        .sum();
  }

  private static String read(ProcessHandle process, String file) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
