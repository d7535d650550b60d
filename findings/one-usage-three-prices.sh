#!/usr/bin/env bash
# WHAT      Three price tables for Python disagree on what one call costs by a factor of two, and for a model whose name it does
#           not know one of them says that it costs nothing.
# VERSIONS  genai-prices==0.2.3, litellm==1.110.2 (its own table, nothing fetched), tokencost==0.1.26
# EXPECTED  300 000 tokens in and 1 000 out cost the same by each, or the model is not known to it, which is an error.
# SEEN      2026-11-30: above 200 000 tokens genai-prices doubles claude-sonnet-4-5, litellm and its table do not; tokencost has
#           no such step for gemini-2.5-pro, the others have. A model that litellm's table lacks raises, but not where its name
#           begins like a known family's: gpt-9 and claude-sonnet-4-20250514 (since taken out of the table) cost 0.0.
# WHY       The "cost" that a LiteLLM gateway puts into usage or into a budget is 0 for a retired or a new model; figures of two
#           tools differ where neither is broken.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='claude-sonnet-4-5-20250929: genai-prices 1.8225, litellm 0.9150, tokencost KeyError
claude-sonnet-4-20250514: genai-prices 0.9150, litellm 0.0000, tokencost 0.9150
gemini-2.5-pro: genai-prices 0.7650, litellm 0.7650, tokencost 0.3850
gpt-5: genai-prices 0.3850, litellm 0.3850, tokencost 0.3850
gpt-9: genai-prices LookupError, litellm 0.0000, tokencost KeyError
another-model: genai-prices LookupError, litellm ModelNotMappedError, tokencost KeyError'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check genai-prices==0.2.3 litellm==1.110.2 tokencost==0.1.26

cat >run.py <<'PY'
import warnings

import genai_prices
import litellm
import tokencost

IN, OUT = 300_000, 1_000
MODELS = {"claude-sonnet-4-5-20250929": "anthropic", "claude-sonnet-4-20250514": "anthropic", "gemini-2.5-pro": "google",
          "gpt-5": "openai", "gpt-9": "openai", "another-model": "openai"}


def by_genai_prices(model, vendor):
    usage = genai_prices.Usage(input_tokens=IN, output_tokens=OUT)
    return genai_prices.calc_price(usage, model_ref=model, provider_id=vendor).total_price


def by_litellm(model, vendor):
    usage = litellm.types.utils.Usage(prompt_tokens=IN, completion_tokens=OUT, total_tokens=IN + OUT)
    vendor, name = ("gemini", f"gemini/{model}") if vendor == "google" else (vendor, model)
    return litellm.completion_cost(litellm.types.utils.ModelResponse(model=name, usage=usage), custom_llm_provider=vendor)


def by_tokencost(model, _vendor):
    cost = tokencost.calculate_cost_by_tokens
    return cost(IN, model, "input") + cost(OUT, model, "output")


def told(ask, model, vendor):
    try:
        return f"{float(ask(model, vendor)):.4f}"
    except Exception as error:
        return type(error).__name__


warnings.simplefilter("ignore")
TABLES = {"genai-prices": by_genai_prices, "litellm": by_litellm, "tokencost": by_tokencost}
for model, vendor in MODELS.items():
    print(f"{model}: {', '.join(f'{name} {told(ask, model, vendor)}' for name, ask in TABLES.items())}")
PY
seen=$(LITELLM_LOCAL_MODEL_COST_MAP=True venv/bin/python run.py 2>/dev/null) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what one call costs by three price tables" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: three price tables differ by two, and litellm 1.110.2 prices some models that it does not know at nothing."
