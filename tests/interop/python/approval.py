"""Stands in for the person who types a device code into a browser on another machine."""

import threading

import requests

from situation import Situation


def approve_soon(situation: Situation, user_code: str, delay: float = 0.5) -> threading.Thread:
    """Approves `user_code` from a second thread after `delay` seconds, while the library polls."""

    def approve() -> None:
        response = requests.post(
            f"{situation.authority_host}/_control/device/{user_code}/approve",
            json={"user": situation.user},
            verify=situation.ca,
            timeout=30,
        )
        # A failure shows twice: here, and as the library's own time-out.
        response.raise_for_status()

    timer = threading.Timer(delay, approve)
    timer.daemon = True
    timer.start()
    return timer
