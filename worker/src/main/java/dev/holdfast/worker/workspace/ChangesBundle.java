package dev.holdfast.worker.workspace;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.storage.pack.PackConfig;
import org.eclipse.jgit.transport.BundleWriter;

/** Writes {@code changes.bundle}: the job's commits, for who has the base commit. */
final class ChangesBundle {

  /** Larger objects are stored whole, and deltas searched with little memory: jobs run beside. */
  private static final int DELTA_BYTES = 8 * 1024 * 1024;

  private static final int DELTA_MEMORY_BYTES = 32 * 1024 * 1024;

  private ChangesBundle() {}

  /** The bundle would have been larger than the limit. */
  static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    TooLarge(long limitBytes) {
      super("it is larger than the limit of " + limitBytes + " bytes");
    }
  }

  static void write(
      Repository repository, RevCommit base, Map<String, ObjectId> refs, Path file, long limitBytes)
      throws IOException {
    PackConfig packing = new PackConfig(repository);
    packing.setThreads(1);
    packing.setBigFileThreshold(DELTA_BYTES);
    packing.setDeltaSearchMemoryLimit(DELTA_MEMORY_BYTES);
    BundleWriter writer = new BundleWriter(repository);
    writer.setPackConfig(packing);
    writer.assume(base);
    refs.forEach(writer::include);
    try (OutputStream out =
        new BufferedOutputStream(new Limited(Files.newOutputStream(file), limitBytes))) {
      writer.writeBundle(NullProgressMonitor.INSTANCE, out);
    }
  }

  private static final class Limited extends FilterOutputStream {
    private final long limitBytes;
    private long written;

    Limited(OutputStream out, long limitBytes) {
      super(out);
      this.limitBytes = limitBytes;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      written += length;
      if (written > limitBytes) {
        throw new TooLarge(limitBytes);
      }
      out.write(bytes, offset, length);
    }
  }
}
