package dev.holdfast.worker.hold;

import dev.holdfast.schemas.attempt.Order;
import dev.holdfast.worker.attempt.Standing;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * What other threads tell the thread of one attempt. Only the newest standing counts, so nothing
 * can pile up.
 */
final class Mailbox {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Standing standing;
  private boolean leaving;
  private boolean wakened;

  Mailbox(Standing standing) {
    this.standing = standing;
  }

  Standing standing() {
    lock.lock();
    try {
      return standing;
    } finally {
      lock.unlock();
    }
  }

  boolean leaving() {
    lock.lock();
    try {
      return leaving;
    } finally {
      lock.unlock();
    }
  }

  void told(Order.Standing verdict) {
    become(now -> now.told(verdict));
  }

  void stopped(Order.StopReason reason) {
    become(now -> now.stopped(reason));
  }

  void settled() {
    become(now -> Standing.SETTLED);
  }

  void leave() {
    lock.lock();
    try {
      leaving = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void wake() {
    lock.lock();
    try {
      wakened = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void become(UnaryOperator<Standing> next) {
    lock.lock();
    try {
      standing = next.apply(standing);
      wakened = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for news, at most so long. */
  void await(long atMostMs) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long leftNs = atMostMs * 1_000_000;
      while (!wakened && !leaving && leftNs > 0) {
        leftNs = changed.awaitNanos(leftNs);
      }
      wakened = false;
    } finally {
      lock.unlock();
    }
  }
}
