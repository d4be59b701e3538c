package dev.gatewright.store.backup;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// A tar of plain files, its manifest first. Written under another name beside the target, forced
/// to the disk, then renamed: a file of that name is always whole. Mode 0600.
final class Archive {
  private static final Pattern NAME = Pattern.compile("[a-z0-9_.-]{1,100}");

  private Archive() {}

  /// A new private file in the folder of `beside`.
  static Path privateFile(Path beside) throws IOException {
    Path folder = beside.toAbsolutePath().normalize().resolveSibling(".");
    FileAttribute<?>[] mode =
        posix(beside)
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    return Files.createTempFile(folder, ".gatewright-", ".part", mode);
  }

  private static boolean posix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  static Map<String, String> sums(Map<String, Path> files) throws IOException {
    Map<String, String> sums = new TreeMap<>();
    for (Map.Entry<String, Path> file : files.entrySet()) {
      try (InputStream in = Files.newInputStream(file.getValue())) {
        sums.put(file.getKey(), sum(in, OutputStream.nullOutputStream()));
      }
    }
    return sums;
  }

  /// @param scratch a private folder of the target's file system
  static void write(Path target, Manifest manifest, Map<String, Path> files, Path scratch)
      throws IOException {
    Path unfinished = privateFile(scratch.resolve("tar"));
    try {
      try (OutputStream out = Files.newOutputStream(unfinished);
          TarArchiveOutputStream tar = new TarArchiveOutputStream(new BufferedOutputStream(out))) {
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        byte[] first =
            manifest.json().toPrettyString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        entry(tar, Manifest.NAME, first.length, manifest);
        tar.write(first);
        tar.closeArchiveEntry();
        for (Map.Entry<String, Path> file : files.entrySet()) {
          entry(tar, file.getKey(), Files.size(file.getValue()), manifest);
          Files.copy(file.getValue(), tar);
          tar.closeArchiveEntry();
        }
      }
      try (var channel =
          java.nio.channels.FileChannel.open(unfinished, java.nio.file.StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(
          unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private static void entry(TarArchiveOutputStream tar, String name, long size, Manifest manifest)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(size);
    entry.setMode(0600);
    entry.setModTime(manifest.createdAt().toEpochMilli());
    tar.putArchiveEntry(entry);
  }

  /// Unpacks what the manifest names into an empty folder, and holds each against its sum.
  ///
  /// @throws BackupFailed when anything is missing, damaged or not named by the manifest
  static Manifest read(Path source, Path into) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(source)))) {
      TarArchiveEntry first = tar.getNextEntry();
      if (first == null
          || !first.getName().equals(Manifest.NAME)
          || first.getSize() > Manifest.BYTES_MAX) {
        throw new BackupFailed("its first entry is no manifest.json: no backup of Gatewright");
      }
      Manifest manifest = Manifest.parse(tar.readAllBytes());
      Map<String, String> missing = new TreeMap<>(manifest.sha256());
      for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
        String expected = missing.remove(entry.getName());
        if (expected == null || !entry.isFile() || !NAME.matcher(entry.getName()).matches()) {
          throw new BackupFailed("it holds an entry that its manifest does not name");
        }
        Path file = into.resolve(entry.getName());
        try (OutputStream out = Files.newOutputStream(file)) {
          if (!sum(tar, out).equals(expected)) {
            throw new BackupFailed(entry.getName() + " is damaged: its SHA-256 is another");
          }
        }
      }
      if (!missing.isEmpty()) {
        throw new BackupFailed("it is cut off: missing " + missing.keySet());
      }
      return manifest;
    }
  }

  private static String sum(InputStream in, OutputStream out) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      new DigestInputStream(in, digest).transferTo(out);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
