package dev.holdfast.worker.report;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.WorkerReport.Renew;
import dev.holdfast.schemas.lease.LeaseRecord.Heartbeat;
import dev.holdfast.schemas.worker.WorkerId;
import dev.holdfast.worker.attempt.TrustWindow;
import dev.holdfast.worker.process.BootClock;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the leases of all attempts of this worker: beats, counts, writes the lease files, asks for
 * a lease that has lapsed. One platform thread of high priority, so that neither the jobs nor this
 * JVM's own work can starve it; other threads only put events into its inbox.
 */
public final class Heartbeats implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Heartbeats.class);
  private static final long LONGEST_WAIT_NS = TimeUnit.SECONDS.toNanos(1);

  private final WorkerId worker;
  private final Beats beats;
  private final Reports reports;
  private final BootClock clock;
  private final LinkedBlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
  private final Map<HeldAttempt, Lease> leases = new HashMap<>();

  /** Lazy: an entry counts only while its lease is kept and due just then. */
  private final PriorityQueue<Due> agenda =
      new PriorityQueue<>(Comparator.comparingLong(Due::atNs));

  private final Thread thread;
  private long nextRequest;
  private volatile boolean closed;

  /**
   * Starts the thread.
   *
   * @param incarnation makes the numbers of renewals unlike those of any earlier incarnation
   * @param clock which counts suspend
   */
  @SuppressWarnings("ThreadPriorityCheck") // a help where the system heeds it; leases hold without
  public Heartbeats(
      WorkerId worker, long incarnation, Beats beats, Reports reports, BootClock clock) {
    this.worker = worker;
    this.beats = beats;
    this.reports = reports;
    this.clock = clock;
    this.nextRequest = incarnation << 32;
    this.thread =
        Thread.ofPlatform()
            .name("heartbeats")
            .priority(Thread.MAX_PRIORITY)
            .daemon()
            .start(this::run);
  }

  private record Due(long atNs, Lease lease) {}

  /** Keeps this lease from now on, and beats at once if it has not lapsed. */
  public void keep(Lease lease) {
    inbox.add(() -> {
      leases.put(lease.attempt(), lease);
      schedule(lease, System.nanoTime());
    });
  }

  /** Keeps it no longer. */
  public void drop(HeldAttempt attempt) {
    inbox.add(() -> leases.remove(attempt));
  }

  /** Gives a sign of life now. */
  public void beatNow(HeldAttempt attempt) {
    inbox.add(() -> {
      Lease lease = leases.get(attempt);
      if (lease != null) {
        schedule(lease, System.nanoTime());
      }
    });
  }

  /** The coordinator has granted a lapsed lease again. */
  public void renewed(HeldAttempt attempt, long request) {
    inbox.add(() -> {
      Lease lease = leases.get(attempt);
      if (lease != null) {
        extend(lease, lease.renewed(request));
        schedule(lease, System.nanoTime());
      }
    });
  }

  private void run() {
    while (!closed) {
      try {
        Runnable event = inbox.poll(waitNs(), TimeUnit.NANOSECONDS);
        for (; event != null; event = inbox.poll()) {
          event.run();
        }
        signDue();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        // One attempt's trouble must not silence the others.
        log.error("the heartbeat thread met a bug and goes on", e);
      }
    }
  }

  private long waitNs() {
    Due next = agenda.peek();
    return next == null
        ? LONGEST_WAIT_NS
        : Math.clamp(next.atNs() - System.nanoTime(), 0, LONGEST_WAIT_NS);
  }

  private void signDue() {
    for (Due due = agenda.peek();
        due != null && due.atNs() - System.nanoTime() <= 0;
        due = agenda.peek()) {
      agenda.remove();
      Lease lease = due.lease();
      if (leases.get(lease.attempt()) == lease && lease.dueNs() == due.atNs()) {
        sign(lease);
      }
    }
  }

  private void sign(Lease lease) {
    long sentAtMs = clock.nowMs();
    long sentNs = System.nanoTime();
    schedule(lease, lease.cadence().afterSendNs(sentNs));
    if (!lease.window().lapsedAt(sentAtMs)) {
      beat(lease, sentAtMs, sentNs);
    } else if (lease.asksAt(sentAtMs)) {
      askAgain(lease, sentAtMs);
    }
  }

  private void beat(Lease lease, long sentAtMs, long sentNs) {
    var heartbeat =
        new Heartbeat(
            lease.attempt().token(),
            worker,
            lease.phase(),
            lease.window().liveness(),
            lease.progress());
    beats
        .send(lease.attempt().job(), heartbeat)
        .thenRun(() -> {
          long ackedAtMs = clock.nowMs();
          inbox.add(() -> acked(lease, sentAtMs, ackedAtMs, sentNs));
        });
  }

  private void acked(Lease lease, long sentAtMs, long ackedAtMs, long sentNs) {
    if (leases.get(lease.attempt()) == lease) {
      extend(lease, lease.window().beaten(sentAtMs, ackedAtMs));
      double fraction = ThreadLocalRandom.current().nextDouble();
      schedule(lease, lease.cadence().afterAckNs(sentNs, fraction));
    }
  }

  /** The window moves only after the file did: this worker never trusts more than the shim does. */
  private void extend(Lease lease, TrustWindow next) {
    if (next.equals(lease.window())) {
      return;
    }
    try {
      lease.file().extend(next.deadlineMs());
      lease.window(next);
    } catch (IOException e) {
      log.warn(
          "cannot write the lease of job {} token {}; the next heartbeat tries again: {}",
          lease.attempt().job(),
          lease.attempt().token(),
          e.toString());
    }
  }

  /**
   * One request of a lease is on its way at a time. During an outage they would pile up, and the
   * coordinator would answer the old ones until the answers to the new ones are too late as well.
   */
  private void askAgain(Lease lease, long sentAtMs) {
    long request = nextRequest++;
    lease.renewalSent(request, sentAtMs);
    var renew = new Renew(worker, lease.attempt().job(), lease.attempt().token(), request);
    // Sending a report may block while the broker is away, and this thread must not.
    Thread.startVirtualThread(() ->
        reports
            .send(renew)
            .whenComplete((logged, failure) -> {
              long nowMs = clock.nowMs();
              inbox.add(() -> {
                if (failure == null) {
                  lease.renewalLogged(sentAtMs, nowMs);
                } else {
                  lease.renewalFailed(nowMs);
                }
              });
            }));
  }

  private void schedule(Lease lease, long atNs) {
    lease.due(atNs);
    agenda.add(new Due(atNs, lease));
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
