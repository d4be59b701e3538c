package dev.gatewright.platform.doctor;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import dev.gatewright.config.Settings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/// The machine under the gate, as seen by a process that was started as the gate is. Stateless.
final class MachineChecks {
  /// What a gate takes beside its heap and direct memory: code, classes, threads.
  private static final long BESIDE_BYTES = 110L << 20;

  private MachineChecks() {}

  static Finding memory(long machineBytes, long heapBytes, long directBytes) {
    String id = "memory";
    long most = heapBytes + directBytes + BESIDE_BYTES;
    String message =
        "A gate takes at most some %d MiB (heap %d, direct %d); the machine, or this container's limit, has %d."
            .formatted(most >> 20, heapBytes >> 20, directBytes >> 20, machineBytes >> 20);
    return most > machineBytes
        ? Finding.warning(
            id, message, "Start with --profile small (GATEWRIGHT_PROFILE=small), or give it more.")
        : Finding.ok(id, message);
  }

  static Finding memory() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long heap = Runtime.getRuntime().maxMemory();
    long direct = Long.parseLong(option("MaxDirectMemorySize", "0"));
    return memory(system.getTotalMemorySize(), heap, direct == 0 ? heap : direct);
  }

  static Finding cache() {
    String id = "start-up-cache";
    String file = option("AOTCache", "");
    return file.isEmpty() || !Files.exists(Path.of(file))
        ? Finding.warning(
            id,
            "There is none: a start takes twice as long.",
            "Start by ./gatewright or the image, which make one; target/run/training.log says why it failed.")
        : Finding.ok(id, file);
  }

  /// @param connections `limits.connections`
  static Finding files(int connections) {
    String id = "open-files";
    if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix)) {
      return Finding.skipped(id, "This system does not say.");
    }
    long most = unix.getMaxFileDescriptorCount();
    long needed = 2L * connections + 100;
    String message =
        "%d may be open; limits.connections %d needs up to %d."
            .formatted(most, connections, needed);
    return most < needed
        ? Finding.warning(
            id, message, "Raise it (LimitNOFILE=, ulimit -n), or lower limits.connections.")
        : Finding.ok(id, message);
  }

  /// @param running a server of this installation answers
  static Finding port(Settings settings, boolean running) {
    String id = "port";
    Settings listen = settings.section("listen");
    String host = listen.text("host", "127.0.0.1");
    int port = listen.integer("port", 8080, 0, 65535);
    if (running || port == 0) {
      return Finding.skipped(id, running ? "The server has it." : "Any free one.");
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
      return Finding.ok(id, "%s:%d is free.".formatted(host, port));
    } catch (IOException taken) {
      return Finding.error(
          id,
          "%s:%d cannot be listened on: %s.".formatted(host, port, taken.getMessage()),
          "Look who has it (ss -ltnp), or choose another by --port.");
    }
  }

  private static String option(String name, String fallback) {
    try {
      String value =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
              .getVMOption(name)
              .getValue();
      return value == null ? fallback : value;
    } catch (IllegalArgumentException unknown) {
      return fallback;
    }
  }
}
