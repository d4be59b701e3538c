package dev.gatewright;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.util.LibraryLoaderUtil;

/// The native libraries in the jar, unpacked once beside the start-up cache. Left to themselves
/// their loaders would write them to the temporary folder at each start, and SQLite's would compare
/// what it wrote byte by byte: 100 ms of CPU.
final class Natives {
  private static final List<String> PROCESSORS = List.of("x86_64", "aarch_64");

  private Natives() {}

  /// Writes what this system loads, each file whole or not at all.
  static void unpack(Path folder) throws IOException {
    Files.createDirectories(folder);
    String sqlite = LibraryLoaderUtil.getNativeLibName();
    take(LibraryLoaderUtil.getNativeLibResourcePath() + "/" + sqlite, folder.resolve(sqlite));
    for (String library : netty()) {
      take("/META-INF/native/" + library, folder.resolve(library));
    }
  }

  private static List<String> netty() {
    String arch = System.getProperty("os.arch", "");
    String processor = PROCESSORS.get(arch.equals("aarch64") ? 1 : 0);
    List<String> libraries = new ArrayList<>();
    if (System.getProperty("os.name", "").equals("Linux")) {
      libraries.add("libnetty_transport_native_epoll_%s.so".formatted(processor));
      libraries.add("libnetty_tcnative_linux_%s.so".formatted(processor));
    }
    return libraries;
  }

  private static void take(String resource, Path file) throws IOException {
    try (InputStream in = Natives.class.getResourceAsStream(resource)) {
      if (in == null) {
        return;
      }
      Path whole = file.resolveSibling(file.getFileName() + ".new");
      Files.copy(in, whole, StandardCopyOption.REPLACE_EXISTING);
      Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
