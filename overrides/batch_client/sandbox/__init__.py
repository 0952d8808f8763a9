"""A stand-in for the API to try the client and to test against; needs the extra `sandbox`."""

try:
    from batch_client.sandbox._sandbox import Sandbox
except ModuleNotFoundError as error:
    if error.name in ("jsonschema_rs", "uvicorn"):
        raise ModuleNotFoundError(
            f"the sandbox needs {error.name}: pip install 'batch-client[sandbox]'", name=error.name
        ) from None
    raise

__all__ = ["Sandbox"]
