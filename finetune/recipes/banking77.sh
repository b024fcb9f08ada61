#!/bin/sh
# BANKING77 (77 intents, English) from the untouched base:
#   sh finetune/recipes/banking77.sh banking77_train.jsonl OUT [more flags]
#   python -m finetune.evaluate --data banking77_test.jsonl --model OUT --encoder base
# Ten examples of each intent, over five draws:  ... OUT --per-label 10 --dev-share 0 --epochs 40 --no-refit --seed 1 (to 5)
data=$1 out=$2
shift 2
exec python -m finetune.train --data "$data" --out "$out" --encoder base \
  --rank 32 --alpha 64 --dropout 0.1 --encoder-dropout 0.1 \
  --rate 1e-3 --head-rate 1e-3 --schedule one-cycle --warmup 0.1 --weight-decay 0.01 \
  --epochs 15 --patience 15 --batch 32 --threads 2 \
  --label-smoothing 0.1 --rdrop 1 --average 0.998 --joined 0 \
  --dev-share 0.1 --refit --data-licence "CC BY 4.0 (BANKING77, PolyAI)" "$@"
