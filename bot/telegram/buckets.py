"""Token buckets: how often something may happen, with a burst. Pure: whoever asks says what time it is.

bucket = Bucket(rate=1.0, burst=5)
await asyncio.sleep(bucket.take(now))       # a place of one's own, in the order of asking
if bucket.spare(now): ...                   # only where nobody has to wait
"""

from __future__ import annotations


class Bucket:
    """In any stretch of time at most `burst` and `rate` for each second of it.

    Args:
        rate: a second, above 0.
        burst: at once after a rest, at least 1.

    Kept as one number, the time at which the bucket would be full again (the generic cell rate algorithm), so that a
    place can be given out for a moment to come, and two who ask get two places.
    """

    def __init__(self, rate: float, burst: float) -> None:
        if rate <= 0 or burst < 1:
            raise ValueError(f"A bucket needs a rate above 0 and a burst of 1 at least, not {rate} and {burst}.")
        self.each, self.burst = 1 / rate, burst
        self._full_at = self._not_before = float("-inf")

    @classmethod
    def per_minute(cls, most: float) -> Bucket:
        """At most so many in any minute: a quarter of them at once, the others spread."""
        burst = max(1.0, most / 4)
        return cls(max(most - burst, 1.0) / 60, burst)

    def wait(self, now: float, places: int = 1) -> float:
        """Seconds until so many more are allowed at once (more than the burst: until it is whole); takes nothing."""
        return max(0.0, self._next(now, places) - now)

    def take(self, now: float, places: int = 1) -> float:
        """Takes the next place, or so many at one moment; seconds until it."""
        at = self._next(now, places)
        self._full_at = max(self._full_at, at) + self.each * places
        return max(0.0, at - now)

    def spare(self, now: float) -> bool:
        """Takes a place if there is one now."""
        free = self.wait(now) == 0
        if free:
            self.take(now)
        return free

    def pause(self, now: float, seconds: float) -> None:
        """Nothing for so long, then one at a time."""
        self._not_before = max(self._not_before, now + seconds)
        self._full_at = max(self._full_at, self._not_before + (self.burst - 1) * self.each)

    def spent(self, now: float) -> float:
        """How many of the burst are used up just now, places given out for later among them."""
        return max(0.0, self._full_at - now) / self.each

    def give_back(self, places: int = 1) -> None:
        """The places taken last are not used."""
        self._full_at -= self.each * places

    def ease(self, burst: float) -> None:
        """What follows on a pause is left out: the whole burst is there at its end."""
        self.burst, self._full_at = burst, min(self._full_at, self._not_before)

    def rested(self, now: float) -> bool:
        """As good as new: it can be forgotten."""
        return now >= max(self._full_at, self._not_before)

    def _next(self, now: float, places: int = 1) -> float:
        left = self.burst - min(places, self.burst)
        return max(now, self._not_before, self._full_at - left * self.each)
