"""Tests of the integration, by nothing but the plugin's fixtures."""

from __future__ import annotations

import asyncio

import pytest
from loyalty import count_audiences, promote

from batch_client import InternalServerError


def test_who_has_enough_points_is_promoted(batch_sandbox, batch_client):
    assert promote(batch_client, {"ann": 120, "ben": 20}) == 1
    assert list(batch_sandbox.audiences["gold"].ids) == ["ann"]
    assert batch_sandbox.profiles["ben"].attributes == {"points": 20}
    assert batch_sandbox.requests[0].operation == "profile_update"


def test_each_test_has_a_sandbox_of_its_own(batch_sandbox, batch_client):
    assert batch_sandbox.profiles == {}
    assert batch_client.audiences.list().items == []


@pytest.mark.batch_sandbox(faults={500: 1.0})
def test_failure_of_the_api_is_told(batch_client):
    with pytest.raises(InternalServerError):
        batch_client.catalogs.create(name="shoes", fields=[{"name": "title", "type": "string"}])


def test_dropped_attributes_are_noticed(batch_client):
    with pytest.raises(ValueError, match="1 attributes were dropped"):
        promote(batch_client, {"ann": "x" * 1000})


def test_asyncio(batch_client, async_batch_client):
    promote(batch_client, {"ann": 120})
    assert asyncio.run(count_audiences(async_batch_client)) == 1
