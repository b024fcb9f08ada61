#!/bin/sh
# SOFMattress of HINT3 (21 intents of a mattress shop, 328 examples, English; its test set has messages outside all):
#   sh finetune/recipes/sofmattress.sh hint3_sofmattress_train.jsonl OUT [more flags]
#   python -m finetune.evaluate --data hint3_sofmattress_test.jsonl --model OUT --encoder base --outside out_of_scope
# No training example lies outside: --reject says how many inside may be lost for telling those that do.
data=$1 out=$2
shift 2
exec python -m finetune.train --data "$data" --out "$out" --encoder base \
  --rank 16 --alpha 32 --dropout 0.1 --encoder-dropout 0.1 \
  --rate 1e-3 --head-rate 2e-3 --schedule cosine --warmup 0.1 --weight-decay 0.01 \
  --epochs 40 --patience 40 --batch 16 --threads 2 \
  --label-smoothing 0.1 --rdrop 2 --average 0.99 --joined 0 --typos 1 --substitutions 0.5 \
  --reject 0.05 --dev-share 0.15 --seeds 3 --refit --data-licence "ODbL (HINT3, SOFMattress)" "$@"
